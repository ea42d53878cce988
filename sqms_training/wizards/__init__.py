from . import sqms_certificate_renew
from . import sqms_certificate_revoke
