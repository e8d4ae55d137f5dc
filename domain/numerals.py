"""Chinese numerals as people type them: 十二, 二十, 一百零五, 一百五, 一零二, 幺."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "幺": 1}
_POWERS = {"十": 10, "百": 100, "千": 1000}
NUMERAL_CHARACTERS = "".join(_DIGITS) + "".join(_POWERS)
LONGEST = 9


def number(text: str) -> int | None:
    """The value of digits, of Chinese digits one by one, or of a Chinese numeral up to 9999; None for anything else."""
    if not text or len(text) > LONGEST:
        return None
    if text.isdecimal() and text.isascii():
        return int(text)
    if any(c not in NUMERAL_CHARACTERS for c in text):
        return None
    if not any(c in _POWERS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    return _with_powers(text)


def _with_powers(text: str) -> int | None:
    """None for what is no numeral: 十百, 二三十 (twenty to thirty)."""
    total, power, digit, zero = 0, 10_000, None, False
    for c in text:
        if c not in _POWERS:
            if digit is not None:
                return None
            digit, zero = (None, True) if _DIGITS[c] == 0 else (_DIGITS[c], zero)
        elif _POWERS[c] >= power:
            return None
        else:
            power = _POWERS[c]
            total, digit, zero = total + (1 if digit is None else digit) * power, None, False
    if digit is None:
        return total
    return total + digit * (power // 10 if power > 10 and not zero else 1)  # 一百五 is 150, 一百零五 is 105
