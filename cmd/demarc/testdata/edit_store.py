"""Edits the store's file in QGIS, one step of its edit buffer after the other, and tells as JSON
which step could be saved and what the layers are like. Arguments: the file, the steps as JSON."""
import json
import os
import sys

from qgis.core import QgsApplication, QgsFeature, QgsFeatureRequest, QgsFeatureSource, QgsGeometry, QgsPointXY, QgsVectorLayer


def point(lon, lat):
    return QgsGeometry.fromPointXY(QgsPointXY(lon, lat))


def edit(step):
    layer = QgsVectorLayer(f"{step['file']}|layername={step['layer']}", "layer", "ogr")
    if not layer.isValid() or not layer.startEditing():
        return {"saved": False, "errors": ["the layer cannot be edited"]}
    number = None
    if "id" in step:
        request = QgsFeatureRequest().setFilterExpression(f"\"id\" = '{step['id']}'")
        number = next(layer.getFeatures(request)).id()
    if step["do"] == "delete":
        layer.deleteFeature(number)
    elif step["do"] == "add":
        feature = QgsFeature(layer.fields())
        for name, value in step["values"].items():
            feature[name] = value
        if "at" in step:
            feature.setGeometry(point(*step["at"]))
        layer.addFeature(feature)
    else:
        for name, value in step.get("values", {}).items():
            layer.changeAttributeValue(number, layer.fields().indexOf(name), value)
        if "at" in step:
            layer.changeGeometry(number, point(*step["at"]))
    saved = layer.commitChanges()
    return {"saved": saved, "errors": layer.commitErrors()}


def about(file, name):
    layer = QgsVectorLayer(f"{file}|layername={name}", name, "ogr")
    return {
        "valid": layer.isValid(),
        "count": sum(1 for _ in layer.getFeatures()),
        "index": layer.hasSpatialIndex() == QgsFeatureSource.SpatialIndexPresent,
        "spatial": layer.isSpatial(),
    }


QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
job = json.loads(sys.argv[2])
steps = [edit(dict(step, file=sys.argv[1])) for step in job.get("steps", [])]
layers = {name: about(sys.argv[1], name) for name in job.get("layers", [])}
json.dump({"steps": steps, "layers": layers}, sys.stdout)
sys.stdout.flush()
os._exit(0)  # QGIS may crash when its Python ends
