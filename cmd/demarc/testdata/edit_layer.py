"""Edits a layer of a service through QGIS, as its attribute table and its map tools do.

Takes a job on standard input ({"url", "collection", "token"}) and writes what QGIS says to
standard output, both JSON. QGIS keeps the token in its authentication database, in a home
folder of its own.
"""
import json
import os
import sys
import tempfile

home = tempfile.TemporaryDirectory()
os.environ.update(HOME=home.name, XDG_RUNTIME_DIR=home.name, QT_QPA_PLATFORM="offscreen")

from qgis.core import Qgis, QgsApplication, QgsAuthMethodConfig, QgsFeature, QgsGeometry, QgsPointXY, QgsVectorDataProvider, QgsVectorLayer, QgsVectorLayerUtils

job = json.load(sys.stdin)
QgsApplication.setPrefixPath("/usr", True)
app = QgsApplication([], False)
app.initQgis()
auth = QgsApplication.authManager()
auth.setMasterPassword("of a test", True)
config = QgsAuthMethodConfig("APIHeader")
config.setName("demarc")
config.setConfig("Authorization", "Bearer " + job["token"])
stored = auth.storeAuthenticationConfig(config)
out = {"version": Qgis.QGIS_VERSION, "stored": bool(stored[0] if isinstance(stored, tuple) else stored), "errors": []}


def layer_of(collection):
    source = "url='%s' typename='%s' pagingEnabled='true' authcfg=%s" % (job["url"], collection, config.id())
    return QgsVectorLayer(source, collection, "OAPIF")


def commit(layer, what):
    if not layer.commitChanges(True):
        out["errors"].append([what] + layer.commitErrors())


def with_id(layer, name, value):
    for feature in layer.getFeatures():
        if feature[name] == value:
            return feature
    return None


layer = layer_of(job["collection"])
out["valid"] = layer.isValid()
can = layer.dataProvider().capabilities()
out["can"] = {name: bool(can & getattr(QgsVectorDataProvider, name)) for name in ("AddFeatures", "DeleteFeatures", "ChangeAttributeValues", "ChangeGeometries")}
if layer.isValid() and layer.startEditing():
    # A feature drawn on the map, its form filled in.
    fields = layer.fields()
    feature = QgsVectorLayerUtils.createFeature(layer, QgsGeometry.fromPointXY(QgsPointXY(70.5, 39.75)))
    for name, value in job["values"].items():
        feature.setAttribute(fields.indexOf(name), value)
    layer.addFeature(feature)
    commit(layer, "add")
    # Another value in the table, and the point moved.
    drawn = with_id(layer, "title", job["values"]["title"])
    out["added"] = drawn["id"] if drawn else None
    if drawn:
        layer.startEditing()
        layer.changeAttributeValue(drawn.id(), fields.indexOf("title"), job["title"])
        commit(layer, "attribute")
        layer.startEditing()
        layer.changeGeometry(drawn.id(), QgsGeometry.fromPointXY(QgsPointXY(70.25, 39.5)))
        commit(layer, "geometry")
        layer.startEditing()
        layer.changeAttributeValue(drawn.id(), fields.indexOf("title"), job["title"] + ", again")
        layer.changeGeometry(drawn.id(), QgsGeometry.fromPointXY(QgsPointXY(70.75, 39.25)))
        commit(layer, "both")
        # What a rule forbids is told, and nothing of it kept.
        layer.startEditing()
        layer.changeAttributeValue(drawn.id(), fields.indexOf("start"), "2024-13-45")
        out["refused"] = not layer.commitChanges(True)
        out["why"] = layer.commitErrors()
        layer.rollBack(True)
    # A feature of another one's, read anew.
    fresh = layer_of(job["collection"])
    second = with_id(fresh, "id", job["delete"])
    if second:
        fresh.startEditing()
        fresh.deleteFeature(second.id())
        commit(fresh, "delete")
    out["deleted"] = with_id(layer_of(job["collection"]), "id", job["delete"]) is None
json.dump(out, sys.stdout)
sys.stdout.flush()
home.cleanup()
os._exit(0)  # QGIS 3.40 may crash when its Python ends
