from . import sqms_ledger_check
from . import sqms_holiday_fill
from . import sqms_holiday_fill_work
from . import sqms_holiday_fill_line
from . import sqms_clock_pause
from . import sqms_eligibility_who
from . import sqms_ledger_check_line
