import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.numerals import NUMERAL_CHARACTERS, number


@pytest.mark.parametrize(
    "text, value",
    [
        pytest.param("12", 12, id="digits"),
        pytest.param("0", 0, id="zero"),
        pytest.param("012", 12, id="leading zero"),
        pytest.param("十", 10, id="ten alone"),
        pytest.param("十二", 12, id="ten and more"),
        pytest.param("二十", 20, id="tens"),
        pytest.param("二十三", 23, id="tens and ones"),
        pytest.param("两", 2, id="colloquial two"),
        pytest.param("一零二", 102, id="digit by digit"),
        pytest.param("幺零二", 102, id="digit by digit, radio one"),
        pytest.param("五〇二", 502, id="round zero"),
        pytest.param("一百零五", 105, id="a gap is said"),
        pytest.param("一百五", 150, id="no gap: the next power"),
        pytest.param("一百五十", 150, id="the next power in full"),
        pytest.param("一千二", 1200, id="the next power below a thousand"),
        pytest.param("九千九百九十九", 9999, id="the greatest"),
        pytest.param("", None, id="nothing"),
        pytest.param("楼", None, id="no numeral"),
        pytest.param("十二楼", None, id="more than a numeral"),
        pytest.param("二三十", None, id="twenty to thirty"),
        pytest.param("十百", None, id="powers the wrong way"),
        pytest.param("十十", None, id="the same power twice"),
        pytest.param("1234567890", None, id="too long"),
        pytest.param("²", None, id="superscript"),
        pytest.param("１２", None, id="full width: the caller has folded it"),
        pytest.param("-1", None, id="a sign"),
    ],
)
def test_number(text: str, value: int | None):
    assert number(text) == value


def spelled(value: int) -> str:
    """As one says it in full."""
    if value == 0:
        return "零"
    words, gap = "", False
    for power, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = value // power % 10
        if digit:
            words += ("零" if gap and words else "") + "零一二三四五六七八九"[digit] + name
        gap = digit == 0
    return words.removeprefix("一") if 10 <= value < 20 else words


@given(st.integers(0, 9999))
def test_what_is_spelled_out_reads_back(value: int):
    assert number(spelled(value)) == value


@given(st.integers(0, 9999))
def test_digit_by_digit_reads_back(value: int):
    assert number("".join("零一二三四五六七八九"[int(d)] for d in str(value))) == value


@given(st.one_of(st.text(), st.text(alphabet=NUMERAL_CHARACTERS)))
def test_number_never_raises(text: str):
    value = number(text)
    assert value is None or value >= 0
