from . import certificate
from . import competence
from . import exam
from . import clearance
from . import certificate_import
