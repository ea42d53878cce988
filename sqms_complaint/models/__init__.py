from . import sqms_complaint_category
from . import helpdesk_ticket
