"""``understand --explain``: how a verdict came about, in the words of the people who have to live with it."""

from collections.abc import Iterator

from domain.understanding import Verdict
from domain.vocabulary import Kind, Place, Scope, Urgency
from understanding.explaining import Explanation, Weighed
from understanding.reasons import cue_in_words, in_words, place_in_words

MOST_REASONS = 5
LEAST_WEIGHT = 0.05
_KINDS = {Kind.LEAK: "漏水", Kind.PONDING: "积水", Kind.BLOCKAGE: "堵塞返水"}
_SCOPES = {Scope.HOUSEHOLD: "家里", Scope.PUBLIC: "公共部位"}
_URGENCIES = {Urgency.EMERGENCY: "紧急", Urgency.URGENT: "急", Urgency.NORMAL: "一般"}
_FIELDS = {"building": "楼", "unit": "单元", "room": "房号", "floor": "楼层", "place": "地点"}


def explained(it: Explanation) -> Iterator[str]:
    """Lines to print."""
    yield f"结论：{_conclusion(it.verdict)}"
    yield f"读到的文字：{it.text}"
    yield from _found(it)
    yield from _weighing(it)
    yield from _place(it)
    if it.verdict.report:
        yield f"紧急程度：{_urgency(it)}"
    if it.verdict.cues:
        yield f"对话里的意思：{'、'.join(sorted(cue_in_words(cue) for cue in it.verdict.cues))}"


def _said(name: str) -> str:
    """Weights that were trained by another version may name what this one has no words for."""
    try:
        return in_words(name)
    except KeyError:
        return name


def _conclusion(verdict: Verdict) -> str:
    if verdict.report and verdict.kind and verdict.scope and verdict.urgency:
        return f"是报修（{_KINDS[verdict.kind]}，{_SCOPES[verdict.scope]}，{_URGENCIES[verdict.urgency]}）"
    return "拿不准：问一次，或放进“请看看”清单" if verdict.unsure else "不是报修，不出声"


def _found(it: Explanation) -> Iterator[str]:
    if not it.events:
        yield "说到水的词：没有"
        return
    yield "说到水的词："
    for event in it.events:
        how = [words for holds, words in ((event.denied, "denied"), (event.asked, "asked")) if holds] or ["said"]
        yield f"  “{event.word}” {_said(event.name)}，{'，'.join(_said(word) for word in how)}"
    if it.words:
        yield "旁边的词："
        yield from (f"  “{word}” {_said(name)}" for word, name in it.words)


def _weighing(it: Explanation) -> Iterator[str]:
    if it.weighed is None:
        yield "衡量：没有足够像报修的话，不往下算" if it.events else "衡量：没有说到水，不往下算"
        return
    yield f"把握：{it.verdict.confidence:.2f}（{it.act:.2f}起算报修，{it.ask:.2f}到{it.act:.2f}之间拿不准，再低不出声）"
    yield from _side(it.weighed, 1, "像报修的理由：")
    yield from _side(it.weighed, -1, "不像报修的理由：")
    yield f"字词习惯（和以前学过的话比）：{it.weighed.letters:+.2f}"


def _side(weighed: Weighed, sign: int, title: str) -> Iterator[str]:
    reasons = [(name, weight) for name, weight in weighed.rules if weight * sign >= LEAST_WEIGHT]
    if reasons:
        yield title
    yield from (f"  {weight:+.2f} {_said(name)}" for name, weight in reasons[:MOST_REASONS])
    rest = reasons[MOST_REASONS:]
    if rest:
        yield f"  {sum(weight for _, weight in rest):+.2f} 另外{len(rest)}条小的"


def _place(it: Explanation) -> Iterator[str]:
    if not it.where:
        yield "位置：没有说"
        return
    yield "位置："
    for field, value, words in it.where:
        shown = place_in_words(Place(value)) if field == "place" else value
        yield f"  {_FIELDS[field]} {shown}，{f'来自“{words}”' if words else '由整句话看出'}"
    if it.verdict.source_room:
        yield f"  {it.verdict.source_room} 只当作水的来处，不对外说"
    yield from (f"  要问清：{doubt}" for doubt in it.verdict.ambiguous)


def _urgency(it: Explanation) -> str:
    assert it.verdict.urgency is not None
    said = _URGENCIES[it.verdict.urgency]
    if it.danger is not None and it.verdict.urgency is Urgency.EMERGENCY:
        return f"{said}，因为说到“{it.danger}”"
    assert it.weighed is not None
    scores = "，".join(f"{word} {it.weighed.scores[urgency]:+.2f}" for urgency, word in _URGENCIES.items())
    return f"{said}，没有明说的危险，按学过的话比较（{scores}）"
