"""OpenFeature's SDK for Python with its OFREP provider, asking one flag at a time."""

from concurrent.futures import ThreadPoolExecutor

from openfeature import api
from openfeature.contrib.provider.ofrep import OFREPProvider
from openfeature.evaluation_context import EvaluationContext
from openfeature.exception import ErrorCode
from openfeature.flag_evaluation import Reason

from ground import ACCESS, DEMO, has

FLAG, PERSON = ACCESS["flag"], ACCESS["with_slot"]


def client(name, headers):
    api.set_provider(OFREPProvider(DEMO["url"], headers_factory=lambda: headers), domain=name)
    return api.get_client(name)


def ask(client, key, person=None, **attributes):
    return client.get_boolean_details(key, False, EvaluationContext(person, attributes))


ward = client("ward", {"Authorization": f"Bearer {ACCESS['token']}"})
on = ask(ward, FLAG, PERSON)
has(on, value=True, variant="on", reason=Reason.TARGETING_MATCH, error_code=None)
assert on.flag_metadata["change"] == FLAG, on
assert {"slot", "wave", "version"} <= on.flag_metadata.keys(), on
has(ask(ward, FLAG, PERSON, age=7, night=True, tags=["a", {"b": None}]), value=True)

has(ask(ward, FLAG, ACCESS["without_slot"]), value=False, variant="off", reason=Reason.DEFAULT)
has(ask(ward, FLAG, "nobody"), value=False, variant="off", reason=Reason.DEFAULT)
has(ask(ward, "no-such-flag", PERSON), value=False, reason=Reason.ERROR, error_code=ErrorCode.FLAG_NOT_FOUND)
has(ask(ward, FLAG), value=False, error_code=ErrorCode.TARGETING_KEY_MISSING)
has(
    ward.get_string_details(FLAG, "off", EvaluationContext(PERSON)),
    value="off",
    error_code=ErrorCode.TYPE_MISMATCH,
)

with ThreadPoolExecutor(32) as crowd:
    assert all(crowd.map(lambda _: ask(ward, FLAG, PERSON).value, range(300)))

has(ask(client("by-key", {"X-API-Key": ACCESS["token"]}), FLAG, PERSON), value=True)
for wrong in ["traction_wrong", DEMO["usage"]["write_key"]]:
    barred = ask(client(wrong, {"Authorization": f"Bearer {wrong}"}), FLAG, PERSON)
    has(barred, value=False, reason=Reason.ERROR, error_code=ErrorCode.GENERAL)
