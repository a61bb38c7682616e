"""One task of the table in docs/methods/speed.md, done by a Python package: `peer.py PACKAGE TASK FILE`.

Prints one line of JSON, as Traction's own program does: the CPU seconds of the task alone, without starting Python and
reading the file, and the answers. Each package is asked in the way that takes it least.
"""

import json
import sys
import time
import warnings

warnings.simplefilter("ignore")

import numpy
import pandas

PANEL = {"outcome": "y", "unit": "unit", "time": "period", "first_treat": "start"}
PARTINGS = numpy.array([0.5, 1.0, 1.5, 2.0])
BEND = 0.05


def timed(work):
    before = time.process_time()
    found = work()
    return time.process_time() - before, found


def diff_diff(task, rows):
    import diff_diff as package

    if not package.HAS_RUST_BACKEND:
        sys.exit("diff-diff came without its compiled kernel: it would be timed at its slowest")
    effects = {"covariates": ["x", "z"]} if task == "adjusted" else {}
    if task in ("effects", "adjusted", "draws"):
        model = package.CallawaySantAnna("never_treated", n_bootstrap=999 if task == "draws" else 0, seed=1)
        cpu, found = timed(lambda: model.fit(rows, **PANEL, **effects, aggregate="all"))
    elif task == "imputation":
        cpu, found = timed(lambda: package.ImputationDiD().fit(rows, **PANEL, aggregate="all"))
    elif task == "interaction":
        cpu, found = timed(lambda: package.SunAbraham().fit(rows, **PANEL))
    elif task == "smoothness":
        model = package.CallawaySantAnna("never_treated", base_period="universal")
        study = model.fit(rows, **PANEL, aggregate="event_study")
        asked = package.HonestDiD(method="smoothness")
        cpu, found = timed(lambda: asked.sensitivity_analysis(study, M_grid=list(BEND * PARTINGS)))
        return cpu, {"mean": [found.original_estimate]}
    else:
        return None
    return cpu, {"overall": [found.overall_att, found.overall_se]}


def csdid(task, rows):
    from csdid.att_gt import ATTgt

    if task not in ("effects", "adjusted", "draws"):
        return None
    drawn = task == "draws"

    def work():
        model = ATTgt(
            data=rows, yname="y", tname="period", idname="unit", gname="start", control_group="nevertreated",
            xformla="y~x+z" if task == "adjusted" else None, biters=999, cband=drawn,
        ).fit(est_method="dr", bstrap=drawn)
        found = {}
        for name, kind in [("overall", "simple"), ("by_start", "group"), ("by_period", "calendar"), ("by_exposure", "dynamic")]:
            summary = model.aggte(typec=kind, bstrap=drawn, cband=drawn).atte
            found[name] = [float(summary["overall_att"]), float(numpy.asarray(summary["overall_se"]).item())]
        return found

    return timed(work)


def pyfixest(task, rows):
    import pyfixest as package

    if task != "interaction":
        return None

    def work():
        model = package.event_study(
            rows, yname="y", idname="unit", tname="period", gname="start", estimator="saturated", cluster="unit", att=False
        )
        return model.aggregate()

    cpu, found = timed(work)
    first = found.loc[0.0]
    return cpu, {"at_start": [float(first["Estimate"]), float(first["Std. Error"])]}


def main():
    package, task, file = sys.argv[1:]
    done = {"diff-diff": diff_diff, "csdid": csdid, "pyfixest": pyfixest}[package](task, pandas.read_csv(file))
    if done is None:
        sys.exit(f"{package} has no such method: {task}")
    cpu, answers = done
    print(json.dumps({"cpu": cpu, "answers": answers}))


main()
