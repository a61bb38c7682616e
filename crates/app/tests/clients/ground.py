"""What the demo prints when it is ready, and a comparison of part of an answer."""

import json
import os

DEMO = json.loads(os.environ["TRACTION_DEMO"])
ACCESS = DEMO["access"]


def has(answer, **expected):
    for name, value in expected.items():
        assert getattr(answer, name) == value, f"{name} of {answer}"
