from . import document
from . import ledger
from . import quality
from . import public_page
from . import feedback
from . import feedback_status
from . import survey
