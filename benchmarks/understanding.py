"""Understanding alone, on one core: messages a second of chatter, a long message, loading, memory.

python -m benchmarks.understanding --messages 100000 --share 0.02
"""

import argparse
import resource
from statistics import median
from time import perf_counter

from benchmarks.messages import messages
from understanding.engine import Understander

LONG = "昨天晚上楼道里说了半天物业的事，电梯也慢，我家厨房顶上又漏水了，拿盆接着呢，2单元502，谁管。" * 200


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--share", type=float, default=0.02, help="of the messages that are reports")
    options = parser.parse_args()
    before = _megabytes()
    began = perf_counter()
    understander = Understander()
    loaded = perf_counter() - began
    print(f"load: {loaded * 1000:.0f} ms, {_megabytes() - before:.0f} MiB more")
    for share in (0.0, options.share, 1.0):
        texts = [line.message.text for line in messages(options.messages, share)]
        print(f"{share:.0%} reports: {_rate(understander, texts):,.0f} messages/s")
    print(f"5,000 characters: {_milliseconds(understander, LONG[:5000]):.1f} ms")


def _rate(understander: Understander, texts: list[str]) -> float:
    began = perf_counter()
    for text in texts:
        understander.judge(text, "3")
    return len(texts) / (perf_counter() - began)


def _milliseconds(understander: Understander, text: str) -> float:
    times = []
    for _ in range(21):
        began = perf_counter()
        understander.judge(text, "3")
        times.append(perf_counter() - began)
    return median(times) * 1000


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
