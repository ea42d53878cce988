from . import sqms_certificate_renew
from . import sqms_certificate_revoke
from . import sqms_training_plan_drop
from . import sqms_training_enrol
from . import sqms_training_feedback
from . import sqms_training_judge
from . import sqms_appraisal_campaign
from . import sqms_clearance_consent
