"""What Odoo's own models hold of a person, and the texts of the quality system in which somebody may be named.

Whatever is about a customer declares its fields in its own class (`_privacy_fields`); those win over these.
"""

from .privacy import BESIDE, EMAIL, EMPTY, KEEP, NAME, NAMED, PART, PHONE, TEXT, UNIQUE, WHO, WORDS


def _texts(*names, keep=()):
    """:param keep: codes and copies of the system's own words"""
    return {**dict.fromkeys(names, TEXT), **dict.fromkeys(keep, KEEP)}


FIELDS = {
    "res.partner": {
        "name": NAME, "complete_name": NAME, "commercial_company_name": NAME, "company_name": EMPTY, "email": EMAIL,
        "email_normalized": EMPTY, "phone": PHONE, "phone_sanitized": EMPTY, "street": EMPTY, "street2": EMPTY,
        "zip": EMPTY, "city": EMPTY, "vat": EMPTY, "company_registry": EMPTY, "website": EMPTY, "comment": EMPTY,
        "function": EMPTY, "ref": EMPTY, "barcode": EMPTY, "partner_latitude": EMPTY, "partner_longitude": EMPTY,
        "contact_address_complete": EMPTY,
    },
    "res.users": {"partner_id": WHO, "login": UNIQUE, "signature": EMPTY},
    "res.partner.bank": {
        "partner_id": WHO, "acc_holder_name": NAME, "acc_number": UNIQUE, "sanitized_acc_number": UNIQUE,
    },
    "mail.message": {
        "author_id": WHO, "email_from": EMAIL, "res_id": BESIDE, "body": WORDS, "subject": TEXT, "reply_to": TEXT,
        "incoming_email_to": TEXT, "incoming_email_cc": TEXT, "outgoing_email_to": TEXT,
    },
    "mail.activity": {"res_id": BESIDE, "summary": TEXT, "note": TEXT, "res_name": TEXT},
    "mail.tracking.value": {
        "mail_message_id": BESIDE, "old_value_char": TEXT, "new_value_char": TEXT, "old_value_text": TEXT,
        "new_value_text": TEXT,
    },
    "survey.user_input": {"partner_id": WHO, "email": EMAIL, "nickname": NAME},
    "survey.user_input.line": {"user_input_id": PART, "value_char_box": WORDS, "value_text_box": WORDS},
    "ir.attachment": {"res_id": PART, "name": TEXT, "description": TEXT},
    # Texts of colleagues about their own work, in which a customer may be named.
    "sqms.nonconformity": _texts(
        "name", "description", "place", "containment", "escalation_reason", "similar_cases", "system_changes",
        "dismiss_reason", "reopen_reason", keep=("recurrence_key",),
    ),
    "sqms.action": _texts(
        "name", "description", "evidence", "remarks", "reopen_reason", "cancel_reason", "criterion_text",
        "effect_result",
    ),
    "sqms.action.extension": _texts("reason", "remarks"),
    "sqms.cause": _texts("name", "evidence", "ruled_out_reason"),
    "sqms.clock.event": _texts("note", keep=("reason", "recount", "working_time")),
    "sqms.clock.backdating": _texts("why"),
    "sqms.commitment.breach": _texts("note", "remedy_given", "dismissal_reason", keep=("texts",)),
    "sqms.control.record": _texts("reference", "note", "correction_reason", keep=("responsible_key",)),
    "sqms.control.result": _texts("value", "note", keep=("texts", "unit")),
    "sqms.improvement": _texts(
        "name", "situation", "proposal", "assessment", "reject_reason", "new_reason", "reopen_reason", "impact",
        keep=("process_before",),
    ),
    "sqms.quality.cost": _texts("name", "note", "reversal_reason"),
    "sqms.requirement": {
        "partner_id": NAMED,
        **_texts("name", "description", "source_note", "product_service", "feasibility_remarks", "remarks", "evidence",
                 "change_reason", keep=("approver_name",)),
    },
    "sqms.reward": _texts("refuse_reason"),
    "sqms.risk": _texts(
        "name", "description", "cause", "consequence", "controls", "treatment_reason", "no_effect_reason",
        "reconsider_reason", "reopen_reason",
    ),
    "sqms.risk.rating": _texts("reason", keep=("texts",)),
}  # fmt: skip
