from . import public_page
from . import complaint
from . import complaint_status
from . import complaint_portal
from . import helpdesk_portal
from . import helpdesk_ticket
