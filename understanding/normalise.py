"""One spelling for what people, phones and voice-to-text write in many: what everything else here reads."""

import re
import unicodedata

from understanding.lexicon import read_pairs

READ_AT_MOST = 2_400
"""Characters of one message that are read: its head and its tail. A paste may be 1 MB, a report never is."""
_TAIL = 400

_INVISIBLE = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    r"\ufe00-\ufe0f\ufeff\ud800-\udfff\U000e0000-\U000e0fff]"
)
_DASHES = re.compile(r"[‐-―−﹣~〜∼]")
_SPACES = re.compile(r"[^\S\n]+")
_LONG_REPEAT = re.compile(r"([^\d\s])\1{3,}")
_SIMPLE = str.maketrans(dict(read_pairs("traditional")))
_SPEECH = dict(read_pairs("speech"))
_SPEECH_PATTERN = re.compile("|".join(re.escape(said) for said in sorted(_SPEECH, key=len, reverse=True)))
_HOMOPHONES: tuple[tuple[re.Pattern[str], str], ...] = (
    # 楼水管 is a pipe of the building and 3号楼水 is water of building 3, so 楼水 needs room on both sides
    (re.compile(r"(?<![\d一二三四五六七八九十号栋幢这那哪本全整每顶大])楼水(?![管表箱电泵压井费路质龙池])"), "漏水"),
    (re.compile(r"(?<=[管家顶上也又在里房间厕])[露搂喽娄陋篓]水?(?=[了啦得的呢啊哦]|$)"), "漏水"),
    (re.compile(r"(?<![0-9A-Z])LS(?=了|啦|严重|啊|厉害)|(?<=[家顶房间厨])LS(?![0-9A-Z])"), "漏水"),
    (re.compile(r"(?<=[在直始又再还])[地的低]水(?=[地的低了啊呢]|$|[ ,。!])"), "滴水"),
    (re.compile(r"(?<=[里外下它])[身神申深]水(?=[神身的了啊呢,。! ]|$|窗|墙)"), "渗水"),
    (re.compile(r"(?<=[水管])[馆管子]?[报暴抱]了"), "爆了"),
    (re.compile(r"(?<=[是就路口里])[鸡激机]水"), "积水"),
    (re.compile(r"\bLOU ?SHUI\b|LOUSHUI|\b(?:WATER )?LEAK(?:S|ING|AGE|ED)?\b"), "漏水"),
    (re.compile(r"\bSHEN ?SHUI\b|SHENSHUI|\bSEEP(?:S|ING|AGE)?\b"), "渗水"),
    (re.compile(r"\bJI ?SHUI\b|JISHUI|\bFLOOD(?:S|ED|ING)?\b"), "积水"),
    (re.compile(r"\bDRIP(?:S|PING|PED)?\b|(?<=在)DRIP"), "滴水"),
)


def normalise(text: str) -> str:
    """NFKC, upper case, simplified, one dash, no invisible characters, long repeats cut, misheard words put right."""
    text = _cap(text)
    if not text.isascii() and not unicodedata.is_normalized("NFKC", text):
        text = _cap(unicodedata.normalize("NFKC", text))
    text = _INVISIBLE.sub("", text).upper().translate(_SIMPLE)
    text = _SPACES.sub(" ", _DASHES.sub("-", text))
    text = _LONG_REPEAT.sub(r"\1\1\1", text)
    return _mend_speech(text)


def _cap(text: str) -> str:
    if len(text) <= READ_AT_MOST:
        return text
    return text[: READ_AT_MOST - _TAIL] + "\n" + text[-_TAIL:]


def _mend_speech(text: str) -> str:
    text = _SPEECH_PATTERN.sub(lambda match: _SPEECH[match.group()], text)
    for pattern, meant in _HOMOPHONES:
        text = pattern.sub(meant, text)
    return text
