"""What an employer may not ask, whoever adds a check for whichever post.

The words are those of the rows of the negative list that forbid something; these here hold even where a row was
removed: hepatitis B (EMP-30), sealed and juvenile records (SEAL), private life (LAB-8), papers and deposits (LAB-9).
"""

import re
import unicodedata

FORBIDDEN = {
    "EMP-30": (
        "hepatitis b", "hep b", "hepb", "hbv", "hbsag", "乙肝", "乙型肝炎", "表面抗原", "大三阳", "小三阳", "两对半",
    ),
    "SEAL": (
        "sealed record", "sealed juvenile", "juvenile record", "juvenile offence", "juvenile conviction",
        "封存记录", "封存的", "犯罪记录封存", "未成年犯罪记录", "未成年时的犯罪",
    ),
    "LAB-8/9": (
        "pregnan", "marital", "family planning", "religio", "political opinion", "sexual orientation",
        "identity card as security", "retain identity card", "deposit from the employee",
        "怀孕", "孕检", "婚育", "婚姻状况", "生育计划", "宗教信仰", "性取向",
        "扣押身份证", "扣押证件", "收取押金", "交押金",
    ),
}  # fmt: skip
_WIDE = re.compile(r"(?<=[\u3400-\u9fff])\s+(?=[\u3400-\u9fff])")


def plain(text):
    """The text as it is compared: one width of letters, no capitals, one kind of space, no accents.

    >>> plain("ＨＢＶ  - Test"), plain("乙 肝")
    ('hbv test', '乙肝')
    """
    text = unicodedata.normalize("NFKC", text or "").lower()
    text = "".join(letter for letter in unicodedata.normalize("NFD", text) if not unicodedata.combining(letter))
    text = re.sub(r"[^\w\u3400-\u9fff]+", " ", text)
    return _WIDE.sub("", " ".join(text.split()))


def forbidden_by(text, more=None):
    """The code of the law that forbids to ask this, or None.

    :param more: `{code: words}` of further rows, beside those that always hold
    :return: the code, such as "EMP-30"

    >>> forbidden_by("Blood test: Hepatitis-B surface antigen")
    'EMP-30'
    >>> forbidden_by("乙 肝 两对半"), forbidden_by("H B V")
    ('EMP-30', 'EMP-30')
    >>> forbidden_by("Health certificate of food handlers: hepatitis A and E") is None
    True
    >>> forbidden_by("Star sign", {"OWN-1": ["star sign"]})
    'OWN-1'
    """
    asked = plain(text)
    squeezed = asked.replace(" ", "")
    for words in (FORBIDDEN, more or {}):
        for code, listed in words.items():
            for word in map(plain, listed):
                # Short abbreviations are also found when they are spelled out letter by letter.
                if word and (word in asked or (len(word) <= 6 and word.replace(" ", "") in squeezed)):
                    return code
    return None
