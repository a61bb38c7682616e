# pip install openfeature-sdk openfeature-provider-ofrep
import os

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext

headers = {"Authorization": f"Bearer {os.environ['TRACTION_TOKEN']}"}
api.set_provider(OFREPProvider("https://traction.example.org", headers_factory=lambda: headers))
flags = api.get_client()

# Where the solution begins: False is what everybody gets when Traction cannot be reached.
has = flags.get_boolean_value("bedside-tests", False, EvaluationContext("jo"))
print("on" if has else "off")
