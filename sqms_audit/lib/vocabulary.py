"""The words of an audit, defined once: what is examined, how it is answered, how a finding is graded."""

OBJECT_TYPES = [
    ("philosophy", "Philosophy"),
    ("plan", "Plan"),
    ("rule", "Rule"),
    ("document", "Document"),
    ("standard", "Standard"),
    ("capability", "Capability"),
]

GRADES = [
    ("major", "Major nonconformity"),
    ("minor", "Minor nonconformity"),
    ("opportunity", "Opportunity for improvement"),
    ("conform", "Conformity"),
    ("good_practice", "Good practice"),
]

ANSWERS = [
    ("conform", "Conform"),
    ("minor", "Minor"),
    ("major", "Major"),
    ("opportunity", "Opportunity"),
    ("good_practice", "Good practice"),
    ("not_applicable", "Not applicable"),
]

NONCONFORMITIES = ("major", "minor")
# What is only confirmed or praised needs no answer from the audited.
NEED_RESPONSE = (*NONCONFORMITIES, "opportunity")
