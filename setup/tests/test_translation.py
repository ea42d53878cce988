"""Every term of every addon stands in Chinese as well, with the same placeholders and tags, in Chinese punctuation."""

import re
from collections import Counter

import polib
import pytest

from house import paths

HAN = r"[\u3400-\u9fff]"
PLACEHOLDER = re.compile(r"%\(\w+\)[-+#0-9.]*[sdifgxr]|%[-+#0-9.]*[sdifgxr](?![a-z])|%%|\{\{.*?\}\}|\$\{.*?\}")
TAG = re.compile(r"</?[a-z][a-z0-9]*[^>]*>|&[a-z]+;")
ATTRIBUTE = re.compile(r"\s(title|alt|placeholder|aria-label|string|data-tooltip)=\"[^\"]*\"")
CHINESE_PUNCTUATION = {
    rf"{HAN}\s*[,;:?!]\s*{HAN}": "，；：？！ between Chinese characters",
    rf"{HAN}\s*[,;:?!.]$": "。，；：？！ after Chinese characters",
    rf"{HAN}\.\s": "。 after Chinese characters",
    r"[，。；：？！] ": "no space after Chinese punctuation",
    rf"{HAN} +{HAN}": "no space between Chinese characters",
}


class Terms:
    def __init__(self, addon):
        folder = paths.ROOT / addon.name / "i18n"
        self.pot = self._read(folder / f"{addon.name}.pot")
        self.po = self._read(folder / "zh_CN.po")

    @staticmethod
    def _read(path):
        assert path.exists(), f"{path.name} is missing: run setup/translate"
        return polib.pofile(str(path))


@pytest.fixture
def terms(addon):
    return Terms(addon)


def faults(entry):
    """What is wrong with the Chinese of a term."""
    source, chinese = entry.msgid, entry.msgstr
    if not chinese.strip():
        return ["no Chinese"]
    found = []
    if entry.fuzzy:
        found.append("fuzzy")
    if Counter(PLACEHOLDER.findall(source)) != Counter(PLACEHOLDER.findall(chinese)):
        found.append("other placeholders")
    elif re.findall(r"%[sd]", source) != re.findall(r"%[sd]", chinese):
        found.append("placeholders without a name in another order")
    if Counter(_tags(source)) != Counter(_tags(chinese)):
        found.append("other tags")
    is_code = any(place.startswith("model:ir.actions.report,print_report_name") for place, _ in entry.occurrences)
    if not is_code and source == chinese and len(re.findall(r"[A-Za-z]{2,}", TAG.sub("", source))) > 3:
        found.append("still English")
    if (source[:1] == "\n", source[-1:] == "\n") != (chinese[:1] == "\n", chinese[-1:] == "\n"):
        found.append("other line ends")
    plain = TAG.sub("", PLACEHOLDER.sub("x", chinese))
    found += [f"wants {rule}" for pattern, rule in CHINESE_PUNCTUATION.items() if re.search(pattern, plain, re.M)]
    return found


def _tags(text):
    # What an attribute says to people is translated with it.
    return [ATTRIBUTE.sub(r" \1", tag) for tag in TAG.findall(text)]


def test_every_term_has_its_chinese(terms):
    chinese = {entry.msgid for entry in terms.po if not entry.obsolete}
    wanted = {entry.msgid for entry in terms.pot}
    assert wanted, "an addon without terms"
    assert not wanted - chinese, "run setup/translate"
    assert not chinese - wanted, "terms that are no longer used: run setup/translate"


def test_chinese_is_sound(terms):
    found = [f"{entry.msgid[:60]!r}: {', '.join(faults(entry))}" for entry in terms.po if faults(entry)]
    assert not found, "\n".join(["zh_CN.po:", *found])


def test_one_term_once(terms):
    for file in (terms.pot, terms.po):
        counts = Counter((entry.msgctxt, entry.msgid) for entry in file)
        assert not [term for term, count in counts.items() if count > 1]


def test_header_says_chinese(terms):
    assert terms.po.metadata["Language"] == "zh_CN"
    assert terms.po.metadata["Content-Type"] == "text/plain; charset=UTF-8"


def test_terms_are_the_addons_own(addon, terms):
    """A template exported while other addons are installed would carry their terms along."""
    for entry in [*terms.pot, *terms.po]:
        named = re.findall(r"^module: *(.*)$", entry.comment, re.M)
        assert {part.strip() for line in named for part in line.split(",")} == {addon.name}, entry.msgid


@pytest.mark.parametrize(
    ("source", "chinese", "fault"),
    [
        ("Closed on %(date)s", "于 %(day)s 关闭", "placeholders"),
        ("Closed on %s by %d", "由 %d 于 %s 关闭", "another order"),
        ("%s open", "未结", "placeholders"),
        ("Hello {{ object.name }}", "您好 {{ object.id }}", "placeholders"),
        ("<b>Bold</b>", "粗体", "tags"),
        ("This is a long sentence", "This is a long sentence", "English"),
        ("One, two", "一,二", "，"),
        ("It is closed.", "已关闭.", "。"),
        ("Closed: reopen it?", "已关闭： 是否重新打开？", "no space"),
        ("Closed case", "已 关闭", "no space"),
        ("Closed", "", "no Chinese"),
        ("Two\n", "二", "line ends"),
    ],
)
def test_fault_is_seen(source, chinese, fault):
    assert any(fault in found for found in faults(polib.POEntry(msgid=source, msgstr=chinese)))


@pytest.mark.parametrize(
    ("source", "chinese"),
    [
        ("%(count)s complaints on %(date)s, %(share)s%% late", "%(date)s：%(count)s 件投诉，逾期 %(share)s%%"),
        ('<a href="/x" title="Open">Open</a> it', '<a href="/x" title="打开">打开</a>它'),
        ("KPI", "KPI"),
        ("100% of them, v1.0", "全部（100%），v1.0"),
        ("Closed at 10:30, see ISO 9001.", "10:30 关闭，见 ISO 9001。"),
        ("Name: ", "姓名："),
    ],
)
def test_sound_chinese_is_left_alone(source, chinese):
    assert not faults(polib.POEntry(msgid=source, msgstr=chinese))
