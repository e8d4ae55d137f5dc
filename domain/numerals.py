"""Chinese numerals as people type them: 十二, 二十, 一百零五, 一零二, 幺."""

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2, "幺": 1}
_POWERS = {"十": 10, "百": 100, "千": 1000}
NUMERAL_CHARACTERS = "".join(_DIGITS) + "".join(_POWERS)


def number(text: str) -> int | None:
    """The value of digits or a Chinese numeral up to 9999; None for anything else."""
    if text.isdecimal() and text.isascii():
        return int(text) if len(text) <= 9 else None
    if not text or any(c not in NUMERAL_CHARACTERS for c in text) or len(text) > 9:
        return None
    if not any(c in _POWERS for c in text):
        return int("".join(str(_DIGITS[c]) for c in text))
    return _with_powers(text)


def _with_powers(text: str) -> int:
    total, digit = 0, 0
    for c in text:
        if c in _POWERS:
            total += (digit or 1) * _POWERS[c]
            digit = 0
        else:
            digit = _DIGITS[c]
    return total + digit
