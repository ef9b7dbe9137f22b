"""Opens files in QGIS and tells what their layers are, as JSON: the files are the arguments."""
import json
import os
import sys

from qgis.core import QgsApplication, QgsFeatureSource, QgsVectorLayer, QgsWkbTypes


def answer(name):
    layer = QgsVectorLayer(name, "file", "ogr")  # it must be gone before QGIS ends
    fields = layer.fields()  # its fields live only as long as it does
    return {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "count": sum(1 for _ in layer.getFeatures()),
        "geometry": QgsWkbTypes.displayString(layer.wkbType()),
        "index": layer.hasSpatialIndex() == QgsFeatureSource.SpatialIndexPresent,
        "fields": {fields.at(i).name(): fields.at(i).typeName() for i in range(fields.count())},
    }


QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
json.dump([answer(name) for name in sys.argv[1:]], sys.stdout)
sys.stdout.flush()
os._exit(0)  # QGIS may crash when its Python ends
