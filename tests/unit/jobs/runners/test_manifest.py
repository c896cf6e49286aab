"""The manifest in docs/how-to/scale.md: Kubernetes is not at hand, but Ray's own reader of such manifests is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

PAGE = Path(__file__).parents[4] / "docs" / "how-to" / "scale.md"


@pytest.fixture
def manifest() -> dict[str, Any]:
    yaml = pytest.importorskip("yaml")
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    (found,) = map(yaml.safe_load, blocks)
    assert isinstance(found, dict)
    return found


def test_ray_reads_the_cluster_as_it_is_meant(manifest: dict[str, Any]) -> None:
    config = pytest.importorskip("ray.autoscaler._private.kuberay.autoscaling_config")
    util = pytest.importorskip("ray.autoscaler._private.util")
    assert (manifest["apiVersion"], manifest["kind"]) == ("ray.io/v1", "RayJob")
    cluster = {"metadata": {"name": "made", "namespace": "made"}, "spec": manifest["spec"]["rayClusterSpec"]}
    found = config._derive_autoscaling_config_from_ray_cr(cluster)
    util.validate_config(found)
    kinds = found["available_node_types"]
    assert kinds["headgroup"]["resources"] == {"CPU": 0, "memory": 4 << 30}  # it codes nothing
    assert kinds["coders"]["resources"] == {"CPU": 8, "memory": 8 << 30}
    workers = re.search(r"--workers (\d+)", manifest["spec"]["entrypoint"])
    assert workers is not None
    assert int(workers[1]) == kinds["coders"]["max_workers"] * kinds["coders"]["resources"]["CPU"]


def test_every_pod_sees_the_same_image_paths_and_gazetteer(manifest: dict[str, Any]) -> None:
    spec = manifest["spec"]["rayClusterSpec"]
    pods = [g["template"]["spec"] for g in (spec["headGroupSpec"], *spec["workerGroupSpecs"])]
    seen = [
        (c["image"], c["env"], c["volumeMounts"], pod["volumes"]) for pod in pods for c in pod["containers"]
    ]  # fmt: skip
    assert len(seen) == 2
    assert seen[0] == seen[1]
    mounts = {m["mountPath"] for m in seen[0][2]}
    for path in re.findall(r" (/\S+)", manifest["spec"]["entrypoint"]):
        assert any(path.startswith(f"{mount}/") for mount in mounts), path
    assert {m["name"] for m in seen[0][2]} == {v["name"] for v in seen[0][3]}
