from . import sqms_complaint_ask
from . import sqms_complaint_merge_wizard
from . import sqms_complaint_merge_undo
from . import sqms_complaint_intake
from . import sqms_satisfaction_result
