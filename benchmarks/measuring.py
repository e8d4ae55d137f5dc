"""What the benchmarks say about a run, and how."""

import json
import resource
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from statistics import quantiles


@dataclass(frozen=True, slots=True)
class Figures:
    """One run. Replies: how many acknowledgements left; their times count from the moment a message was handed over."""

    name: str
    messages: int
    report_share: float
    replies: int
    messages_per_second: float
    reply_p50_ms: float | None
    reply_p99_ms: float | None
    peak_memory_mib: float

    def as_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False)

    def as_row(self) -> str:
        """A row of the table in benchmarks/README.md."""
        return (
            f"| {self.name} | {self.messages:,} | {self.report_share:.0%} | {self.replies:,} "
            f"| {self.messages_per_second:,.0f} | {_milliseconds(self.reply_p50_ms)} "
            f"| {_milliseconds(self.reply_p99_ms)} | {self.peak_memory_mib:.0f} |"
        )


HEADER = (
    "| what | messages | reports | replies | messages/s | reply p50 | reply p99 | peak MiB |\n"
    "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"
)


def figures(name: str, share: float, count: int, seconds: float, latencies: Sequence[float]) -> Figures:
    """seconds: from the first message handed over to the last one done; latencies: of the replies, in seconds."""
    cuts = quantiles(latencies, n=100, method="inclusive") if len(latencies) > 1 else None
    return Figures(
        name=name,
        messages=count,
        report_share=share,
        replies=len(latencies),
        messages_per_second=count / seconds,
        reply_p50_ms=cuts[49] * 1000 if cuts else None,
        reply_p99_ms=cuts[98] * 1000 if cuts else None,
        peak_memory_mib=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    )


def _milliseconds(value: float | None) -> str:
    return "–" if value is None else f"{value:,.1f} ms"
