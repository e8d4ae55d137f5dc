"""Numbers that are no address: phones, times, dates, lengths, counts. Blanked before an address is looked for."""

import re

BLANK = "＊"
_N = r"(?:\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百千半几]+)"
_UNITS = (
    r"分钟|小时|钟头|刻钟|秒|天(?!花)|周|星期|礼拜|个|多?元|块|毛|万|公分|厘米|毫米|公里|平米|平方|米|CM|MM|KM|KG|M(?![A-Z])|ML|"
    r"次(?!卧)|多户|家(?:人|公司|店|都|住户|业主|单位)|人|度|℃|%|级|袋|桶|盆|台|辆|条|件|份|斤|吨|升|平|岁|年|月|日|倍|楼高|层楼(?![道梯上下板])|"
    r"期|版|页|只|张|名|位|届|折|遍|回|趟|批|根|排|套|间|点|瓶|箱|组|步|路|道|章|集|季|号线|号车|号门|号梯|号文|分|片|滩|"
    r"区|公|克|寸|指|圈|面墙|堵|处|成|代|线|包|把|杯|脚|多|来个|几|余"
)
_SPANS = (
    r"(?<!\d)1[3-9]\d[- ]?\d{4}[- ]?\d{4}(?!\d)",  # mobile
    r"(?<!\d)0\d{2,3}[- ]?\d{7,8}(?!\d)",  # landline
    r"(?<!\d)[48]00[- ]?\d{3,4}[- ]?\d{3,4}(?!\d)",
    r"(?<![\d-])\d{4}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d)",  # date
    r"\d{1,2}月\d{1,2}[日号]?(?:[-至到]\d{1,2}[日号])?",
    r"(?<![\d-])\d{1,2}[:]\d{2}(?::\d{2})?(?:\s?[-到至]\s?\d{1,2}:\d{2})?",  # clock
    rf"{_N}点?半?\s?[-到至]\s?{_N}点",
    rf"{_N}点(?:{_N}分?|半|多|钟|左右)?",
    r"(?<![\d#A-Z])#\d+#?",  # ticket number
    r"\d{5,}",  # hotlines, order numbers, postcodes
    rf"第{_N}",
    rf"(?<![\d-])\d+(?:\.\d+)?\s?[-到至]\s?\d+(?:\.\d+)?\s?[多余来几]?(?:{_UNITS})",
    rf"(?<![\d-])\d+(?:\.\d+)?[多余来几]?(?:{_UNITS})(?!室)",
    r"(?<![\d层楼])\d+多?户(?!室)",
    r"(?:[零〇一二两三四五六七八九十百千半]+|[十百]?几)[多余来几]?(?:分钟|小时|天|块|元|公分|厘米|毫米|米|次|级|倍|层楼高|楼高|年|个月|多户|户人)",
    r"\d{2,4}(?:左右|上下|出头|不到|开外)",
    r"(?<![\d.])\d{1,3}\.\d{1,3}(?![\d])",  # decimals, 7.21
    r"(?:^|(?<=[\n;:。 ]))[\d一二三四五六七八九][.、)](?!\d)",  # list numbers
    r"[A-Z]\d?-?\d+(?:号?车位|故障|号位|口)",
    r"(?:车位|桩|柱|工单|单号|尾号|楼号|编号)[A-Z]?\d*-?\d+",
)
_PATTERN = re.compile("|".join(_SPANS))
_MAY_HOLD = re.compile(r"\d{2}|[\d零〇一二两三四五六七八九十百千半几第]")


def without_figures(text: str) -> str:
    """The text with every such span blanked, positions kept. Expects normalised text."""
    if not _MAY_HOLD.search(text):
        return text
    return _PATTERN.sub(lambda match: BLANK * len(match.group()), text)
