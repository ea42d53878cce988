"""What the parts of a complaint hold of a customer."""

from odoo.addons.sqms_base.lib.privacy import EMAIL, EMPTY, KEEP, PART, TEXT, WHO, WORDS

FIELDS = {
    "helpdesk.ticket": {
        "complaint_email_key": EMPTY, "complaint_phone_key": EMPTY, "complaint_reference_key": EMPTY,
        "complaint_product_key": KEEP, "complaint_best_time": TEXT, "complaint_audience": KEEP,
    },
    "sqms.complaint.dispute": {
        "ticket_id": PART, "number": KEEP, "case_number": EMPTY, "contact": TEXT, "claim": TEXT, "answer": TEXT,
        "resolution": TEXT, "implementation": TEXT, "evaluation": TEXT, "drop_reason": TEXT, "resume_reason": TEXT,
    },
    "sqms.dispute.hearing": {"dispute_id": PART, "place": TEXT, "present": TEXT, "result": TEXT},
    "sqms.complaint.finding": {"ticket_id": PART, "heard": TEXT, "found": TEXT},
    "sqms.complaint.remedy": {"ticket_id": PART, "number": KEEP, "name": TEXT, "reason": TEXT},
    "sqms.complaint.letter": {"ticket_id": PART, "content": EMPTY, "lang": KEEP, "digest": KEEP},
    "sqms.complaint.package": {"ticket_id": PART, "reason": TEXT, "digest": KEEP},
    "sqms.complaint.held.mail": {
        "ticket_id": PART, "author_id": WHO, "email_from": EMAIL, "subject": TEXT, "body": WORDS, "message_ref": KEEP,
    },
    # Undone it cannot be any more: whose the messages were is not known.
    "sqms.complaint.merge": {"source_id": PART, "snapshot": EMPTY, "reason": TEXT, "undo_reason": TEXT},
    "sqms.complaint.distinct": {"reason": TEXT},
    "sqms.satisfaction.answer": {
        "ticket_id": PART, "partner_id": WHO, "customer_key": EMPTY, "comment": WORDS, "decision": KEEP, "lang": KEEP,
        "segment": KEEP,
    },
    "sqms.satisfaction.campaign": {
        "conclusion": TEXT, "non_response_note": TEXT, "frozen_results": TEXT,
        **dict.fromkeys(("frame", "frame_digest", "name", "purpose", "questionnaire_version", "sample_ids", "scope",
                         "seed"), KEEP),
    },
    "sqms.nonconformity": {"complaint_group_key": KEEP},
    "sqms.import.run": {"findings": EMPTY, "refusal": TEXT, "file_name": TEXT, "digest": KEEP},
    "sqms.import.error": {"run_id": PART, "value": EMPTY, "cells": EMPTY, "sentence": TEXT, "column": KEEP},
}  # fmt: skip
