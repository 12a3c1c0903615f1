"""What BentoML must find in the environment before it is imported; importing this module sets it.

Nothing is reported to anybody, requests are not traced (traces are what makes its slowest answers slow), and
metrics are gathered in a folder of this process.
"""

import atexit
import os
import shutil
import tempfile

os.environ["BENTOML_DO_NOT_TRACK"] = "True"
os.environ["DO_NOT_TRACK"] = "1"
os.environ["OTEL_SDK_DISABLED"] = "true"
if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
    METRICS = tempfile.mkdtemp(prefix="dibao-metrics-")
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = METRICS
    atexit.register(shutil.rmtree, METRICS, ignore_errors=True)
