from . import (
    sqms_audit_part,
    sqms_audit_template,
    sqms_audit_template_line,
    sqms_audit,
    sqms_audit_checklist,
    sqms_audit_meetings,
    sqms_audit_steps,
    sqms_audit_member,
    sqms_audit_line,
    sqms_audit_finding,
    calendar_event,
    sqms_audit_trace,
    sqms_audit_finding_trace,
)
from . import sqms_morning
from . import sqms_manual
from . import sqms_audit_finding_on_time
from . import sqms_indicator
from . import sqms_evidence_rule
from . import sqms_review
from . import sqms_audit_eligibility
from . import sqms_audit_member_eligibility
from . import sqms_fact_provider
