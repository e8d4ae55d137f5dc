"""How long it takes to read warnings: CAP files in both dialects, in UTF-8 and GB18030, and a feed of 10,000 items.

python -m benchmarks.cap [--files 1000] [--items 10000]
"""

import argparse
import time
from zoneinfo import ZoneInfo

from bot.sources.cap import read_cap
from bot.sources.web_feed import items_of

ZONE = ZoneInfo("Asia/Shanghai")
ISSUED = "朝阳区气象台2021年08月23日18时00分发布暴雨橙色预警信号：预计未来3小时有特大暴雨，请注意防范。"
INFO = f"""<language>zh-CN</language><event>暴雨</event><urgency>Unknown</urgency><certainty>Unknown</certainty>
<headline>朝阳区气象台发布暴雨橙色预警信号[Ⅱ级/严重]</headline>
<description>{ISSUED}{"请远离低洼处。" * 40}</description>"""
WORLD = """<?xml version="1.0" encoding="UTF-8"?><alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
<identifier>{id}</identifier><sender>Station</sender><sent>2021-08-23T18:00:00+08:00</sent><status>Actual</status>
<msgType>Alert</msgType><scope>Public</scope><info><language>en-US</language><headline>Rain</headline>
<description>{english}</description></info><info>{info}<severity>Severe</severity><area><areaDesc>朝阳区</areaDesc>
<geocode><valueName>CPEAS</valueName><value>110105000000</value></geocode></area></info></alert>"""
NATIONAL = """<?xml version="1.0" encoding="{encoding}"?><alert><identifier>{id}</identifier>
<sender>朝阳区气象局</sender><sendTime>2021-08-23 18:00:00+08:00</sendTime><status>Actual</status>
<msgType>Update</msgType><references>11010541600000_20210822180512</references><info>{info}<severity>Orange</severity><area>
<areaDesc>朝阳区</areaDesc><geocode>110105000000</geocode></area></info></alert>"""


def file(number: int) -> bytes:
    """Every second one CAP 1.2 with two languages, every fourth in GB18030."""
    identifier = f"11010541600000_{20210823000000 + number % 86400}"
    if number % 2:
        return WORLD.format(id=identifier, english="Rain. " * 200, info=INFO).encode()
    encoding = "GB18030" if number % 4 else "UTF-8"
    return NATIONAL.format(encoding=encoding, id=identifier, info=INFO).encode(encoding)


def feed(count: int) -> bytes:
    ids = [f"{110000 + n % 900}41600000_{20210823000000 + n}" for n in range(count)]
    items = "".join(f"<item><title>t</title><guid>{id}</guid><link>/{id}.xml</link></item>" for id in ids)
    return f'<?xml version="1.0"?><rss version="2.0"><channel>{items}</channel></rss>'.encode()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=1000)
    parser.add_argument("--items", type=int, default=10_000)
    arguments = parser.parse_args()
    files = [file(number) for number in range(arguments.files)]
    wall, core = time.perf_counter(), time.process_time()
    for data in files:
        read_cap(data, ZONE)
    print(f"{arguments.files:,} CAP files of {sum(map(len, files)) // len(files):,} bytes: {_since(wall, core)}")
    listed = feed(arguments.items)
    wall, core = time.perf_counter(), time.process_time()
    found = items_of(listed)
    print(f"a feed of {len(found):,} items ({len(listed):,} bytes): {_since(wall, core)}")


def _since(wall: float, core: float) -> str:
    return f"{time.perf_counter() - wall:.2f} s, {time.process_time() - core:.2f} s on a core"


if __name__ == "__main__":
    main()
