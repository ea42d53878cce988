from . import (
    test_access,
    test_audit,
    test_finding,
    test_independence,
    test_lock,
    test_meetings,
    test_performance,
    test_report,
    test_template,
    test_tour,
)
from . import test_trace
from . import test_roles
from . import test_morning
from . import test_manual
from . import test_audit_indicator
from . import test_evidence_source
from . import test_review
from . import test_eligibility
from . import test_fact_provider
