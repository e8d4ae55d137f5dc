"""CAP files as the warning systems write them: our own words in both dialects."""

IDENTIFIER = "11010541600000_20210823180512"
OLDER = "11010541600000_20210822180512"
HEADLINE = "朝阳区气象台发布暴雨橙色预警信号[Ⅱ级/严重]"
TEXT = "朝阳区气象台2021年08月23日18时00分发布暴雨橙色预警信号：预计未来3小时有特大暴雨，请注意防范。"


def cap(**changes: str) -> bytes:
    """CAP 1.2, English first, as the relay of the world's weather services has it."""
    said = {
        "identifier": IDENTIFIER, "sent": "2021-08-23T18:00:00+08:00", "status": "Actual", "type": "Alert",
        "references": "", "headline": HEADLINE, "text": TEXT, "expires": "2021-08-24T18:00:00+08:00",
        "area": "110105000000", "head": '<?xml version="1.0" encoding="UTF-8"?>', **changes,
    }  # fmt: skip
    return f"""{said["head"]}<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2">
    <identifier>{said["identifier"]}</identifier><sender>Chaoyang_Observatory</sender><sent>{said["sent"]}</sent>
    <status>{said["status"]}</status><msgType>{said["type"]}</msgType><scope>Public</scope>
    <references>{said["references"]}</references>
    <info><language>en-US</language><category>Met</category><event>rainstorm</event><severity>Severe</severity>
      <headline>Chaoyang Observatory issues orange warning</headline><description>Rain.</description></info>
    <info><language>zh-CN</language><category>Met</category><event>暴雨</event><severity>Severe</severity>
      <expires>{said["expires"]}</expires><senderName>王预报</senderName><headline>{said["headline"]}</headline>
      <description>{said["text"]}</description>
      <area><areaDesc>朝阳区</areaDesc>
        <geocode><valueName>CPEAS Geographic Code</valueName><value>{said["area"]}</value></geocode></area></info>
    </alert>""".encode()


def national(**changes: str) -> bytes:
    """The dialect of the national platform: no namespace, a space in the time, its own severities."""
    said = {
        "identifier": IDENTIFIER, "sendTime": "2021-08-23 18:00:00+08:00", "status": "Actual", "type": "Update",
        "references": OLDER, "severity": "Orange", "headline": HEADLINE, "text": TEXT,
        "area": "110105000000,110106000000", **changes,
    }  # fmt: skip
    return f"""<?xml version="1.0" encoding="UTF-8"?><alert><identifier>{said["identifier"]}</identifier>
    <sender>朝阳区气象局</sender><senderCode>11010541600000</senderCode><sendTime>{said["sendTime"]}</sendTime>
    <status>{said["status"]}</status><msgType>{said["type"]}</msgType><scope>Public</scope>
    <code><method><methodName>SMS</methodName><message>{said["text"]}</message></method></code>
    <references>{said["references"]}</references>
    <info><language>zh-CN</language><eventType>11B03</eventType><severity>{said["severity"]}</severity>
      <effective>2021-08-23 18:05:12+08:00</effective><expires/><headline>{said["headline"]}</headline>
      <description>{said["text"]}</description>
      <area><areaDesc>朝阳区,丰台区</areaDesc><geocode>{said["area"]}</geocode></area></info></alert>""".encode()
