"""One spelling for what people, phones and voice-to-text write in many: what everything else here reads."""

import re
import unicodedata

from understanding.lexicon import read_pairs

READ_AT_MOST = 1_300
"""Characters of one message that are read: its head and its tail. A paste may be 1 MB, a report never is."""
_TAIL = 400

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_DASHES = "‐‑‒–—―−﹣~〜∼"
_VARIANTS = "".join(map(chr, range(0xFE00, 0xFE10)))
"""Marks after an emoji that choose how it is drawn; they count as printable."""
_SPACES = re.compile(r"[^\S\n]+")
_LONG_REPEAT = re.compile(r"([^\d\s])\1{3,}")
_SIMPLE = str.maketrans(
    {**dict(read_pairs("traditional")), **dict.fromkeys(_DASHES, "-"), **dict.fromkeys(_VARIANTS, "")}
)
_NOT_SIMPLE = frozenset(map(chr, _SIMPLE))
_SPEECH = dict(read_pairs("speech"))
_SPEECH_PATTERN = re.compile("|".join(re.escape(said) for said in sorted(_SPEECH, key=len, reverse=True)))
_HOMOPHONES: tuple[tuple[tuple[str, ...], re.Pattern[str], str], ...] = (
    # What must stand in the text for the pattern to be tried, the pattern, what is meant.
    # 楼水管 is a pipe of the building and 3号楼水 is water of building 3, so 楼水 needs room on both sides
    (
        ("楼水",),
        re.compile(r"(?<![\d一二三四五六七八九十号栋幢这那哪本全整每顶大])楼水(?![管表箱电泵压井费路质龙池])"),
        "漏水",
    ),
    (
        ("露", "搂", "喽", "娄", "陋", "篓"),
        re.compile(r"(?<=[管家顶上也又在里房间厕])[露搂喽娄陋篓]水?(?=[了啦得的呢啊哦]|$)"),
        "漏水",
    ),
    (("LS",), re.compile(r"(?<![0-9A-Z])LS(?=了|啦|严重|啊|厉害)|(?<=[家顶房间厨])LS(?![0-9A-Z])"), "漏水"),
    (("地水", "的水", "低水"), re.compile(r"(?<=[在直始又再还])[地的低]水(?=[地的低了啊呢]|$|[ ,。!])"), "滴水"),
    (
        ("身水", "神水", "申水", "深水"),
        re.compile(r"(?<=[里外下它])[身神申深]水(?=[神身的了啊呢,。! ]|$|窗|墙)"),
        "渗水",
    ),
    (
        ("再漏", "再滴"),
        re.compile(r"(?<![没不未别会要果有])(?<!听说)(?<!发现)(?<!看[见到])再(?=[漏滴])"),
        "在",
    ),
    (("报了", "暴了", "抱了"), re.compile(r"(?<=[水管])[馆管子]?[报暴抱]了"), "爆了"),
    (("鸡水", "激水", "机水"), re.compile(r"(?<=[是就路口里])[鸡激机]水"), "积水"),
    (("SHUI", "LEAK"), re.compile(r"\bLOU ?SHUI\b|LOUSHUI|\b(?:WATER )?LEAK(?:S|ING|AGE|ED)?\b"), "漏水"),
    (("SHUI", "SEEP"), re.compile(r"\bSHEN ?SHUI\b|SHENSHUI|\bSEEP(?:S|ING|AGE)?\b"), "渗水"),
    (("SHUI", "FLOOD"), re.compile(r"\bJI ?SHUI\b|JISHUI|\bFLOOD(?:S|ED|ING)?\b"), "积水"),
    (("DRIP",), re.compile(r"\bDRIP(?:S|PING|PED)?\b|(?<=在)DRIP"), "滴水"),
)
_SUSPECT = re.compile("|".join(sign for signs, _, _ in _HOMOPHONES for sign in signs))


def normalise(text: str) -> str:
    """NFKC, upper case, simplified, one dash, no invisible characters, long repeats cut, misheard words put right."""
    text = _cap(text)
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text = _cap(unicodedata.normalize("NFKC", text))
    printable = text.isprintable()
    if not printable:
        text = _INVISIBLE.sub("", text)
    text = text.upper()
    if not _NOT_SIMPLE.isdisjoint(text):
        text = text.translate(_SIMPLE)
    if not printable or "  " in text:  # the only space that counts as printable is the ordinary one
        text = _SPACES.sub(" ", text)
    if _LONG_REPEAT.search(text):
        text = _LONG_REPEAT.sub(r"\1\1\1", text)
    return _mend_speech(text)


def _cap(text: str) -> str:
    if len(text) <= READ_AT_MOST:
        return text
    return text[: READ_AT_MOST - _TAIL] + "\n" + text[-_TAIL:]


def _mend_speech(text: str) -> str:
    text = _SPEECH_PATTERN.sub(lambda match: _SPEECH[match.group()], text)
    if not _SUSPECT.search(text):
        return text
    for signs, pattern, meant in _HOMOPHONES:
        if any(sign in text for sign in signs):
            text = pattern.sub(meant, text)
    return text
