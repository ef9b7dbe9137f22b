"""Reads layers through QGIS: jobs on standard input, answers on standard output, both JSON.

It must not be named qgis.py, which would hide the module of that name.
"""
import json
import os
import sys

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer


def answer(job):
    source = "url='%s' typename='%s' pagingEnabled='true'" % (job["url"], job["collection"])
    if job.get("page"):
        source += " pageSize='%d'" % job["page"]
    layer = QgsVectorLayer(source, job["collection"], "OAPIF")
    if not layer.isValid():
        return {"valid": False}
    out = {"valid": True, "crs": layer.crs().authid(), "ids": [], "unlocated": 0, "values": {}, "fields": {}}
    if job.get("subset"):
        out["subset"] = layer.setSubsetString(job["subset"])
    out["count"] = layer.featureCount()
    fields = layer.fields()  # its fields live only as long as it does
    names = [fields.at(i).name() for i in range(fields.count())]
    for i, name in enumerate(names):
        out["fields"][name] = fields.at(i).typeName()
    request = QgsFeatureRequest()
    if job.get("box"):
        request.setFilterRect(QgsRectangle(*job["box"]))
    for feature in layer.getFeatures(request):
        values = dict(zip(names, feature.attributes()))
        out["ids"].append(values["id"])
        out["unlocated"] += 0 if feature.hasGeometry() else 1
        if job.get("value"):
            out["values"][values["id"]] = str(values[job["value"]])
    return out


QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
answers = []
for job in json.load(sys.stdin):
    answers.append(answer(job))
json.dump(answers, sys.stdout)
sys.stdout.flush()
os._exit(0)  # QGIS may crash when its Python ends
