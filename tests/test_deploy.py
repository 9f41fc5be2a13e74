"""What `deploy/` names exists: settings, options, ports, secrets, folders and packages. No container is run here."""

import re
import subprocess
import sys
import threading
import tomllib
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
import yaml

from assistant.cli import build_parser
from assistant.commands.chat import DEFAULT_PORT
from assistant.page.health import PATH
from assistant.settings import PREFIX, read_settings
from index.address import PORT

ROOT = Path(__file__).resolve().parents[1]
DEPLOY = ROOT / "deploy"
DOCKERFILE = (DEPLOY / "Dockerfile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
STATE = "/var/lib/assistant/state"


def documents(name):
    return list(yaml.safe_load_all((DEPLOY / name).read_text(encoding="utf-8")))


def pods():
    """The pods of the manifests, by the name of what makes them."""
    found = {}
    for document in documents("chat.yaml"):
        if document["kind"] == "Deployment":
            found["chat"] = document["spec"]["template"]
        if document["kind"] == "CronJob":
            found["sync"] = document["spec"]["jobTemplate"]["spec"]["template"]
    return found


def check_settings(environment):
    """Every variable of ours is read, and changes a setting."""
    ours = {name: value or "x" for name, value in environment.items() if name.startswith(PREFIX)}
    without = read_settings({})
    for name, value in ours.items():
        alone = {name: value}
        if name == PREFIX + "STATE":  # only where the library is on a server
            alone |= {PREFIX + "LIBRARY": "milvus://host:19530/name"}
            assert str(read_settings(alone).library) == value
        assert read_settings(alone) != without, f"{name} is no setting"
    return read_settings(ours)


def test_every_variable_is_a_setting_and_every_command_is_understood():
    for name, pod in pods().items():
        (container,) = pod["spec"]["containers"]
        chosen = build_parser().parse_args(container["args"])
        assert chosen.command == name
        settings = check_settings({item["name"]: item.get("value", "") for item in container["env"]})
        assert (settings.server, str(settings.library)) == ("milvus://milvus:19530/articles", STATE)
        assert settings.milvus_token
        assert bool(settings.history) is (name == "chat")
    chat = documents("compose.yaml")[0]["services"]["chat"]
    assert check_settings(chat["environment"]).server == f"milvus://milvus:{PORT}/articles"
    environment = dict(re.findall(r"(\w+)=(\S+)", " ".join(re.findall(r"ENV ((?:.*\\\n)*.*)", DOCKERFILE))))
    check_settings(environment)
    assert environment[PREFIX + "STATE"] == STATE
    command = yaml.safe_load(re.search(r"^CMD (\[.*\])$", DOCKERFILE, re.MULTILINE).group(1))
    assert build_parser().parse_args(command).host == "0.0.0.0"
    with pytest.raises(AssertionError, match="is no setting"):
        check_settings({PREFIX + "HISTORIES": "x"})


def test_ports_volumes_and_labels_fit_together():
    (compose,) = documents("compose.yaml")
    services = compose["services"]
    assert {volume.split(":")[0] for service in services.values() for volume in service["volumes"]} == set(
        compose["volumes"]
    )
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        assert all(port.startswith("127.0.0.1:") for port in service.get("ports", ()))
    assert services["chat"]["ports"] == [f"127.0.0.1:{DEFAULT_PORT}:{DEFAULT_PORT}"]
    assert f"127.0.0.1:{PORT}:{PORT}" in services["milvus"]["ports"]
    assert f"EXPOSE {DEFAULT_PORT}" in DOCKERFILE
    by_kind = {document["kind"]: document for document in documents("chat.yaml")}
    labels = pods()["chat"]["metadata"]["labels"]
    assert by_kind["Deployment"]["spec"]["replicas"] == 2
    for selector in (
        by_kind["Deployment"]["spec"]["selector"]["matchLabels"],
        by_kind["Service"]["spec"]["selector"],
        by_kind["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"],
    ):
        assert selector == labels
    (container,) = pods()["chat"]["spec"]["containers"]
    assert container["ports"] == [{"name": "http", "containerPort": DEFAULT_PORT}]
    for probe in ("startupProbe", "readinessProbe"):
        assert container[probe]["httpGet"] == {"port": "http", "path": PATH}
    assert container["livenessProbe"]["tcpSocket"] == {"port": "http"}
    (rule,) = by_kind["Ingress"]["spec"]["rules"]
    assert rule["host"] in container["args"]
    backend = rule["http"]["paths"][0]["backend"]["service"]
    assert backend == {"name": by_kind["Service"]["metadata"]["name"], "port": {"name": "http"}}
    assert by_kind["Ingress"]["metadata"]["annotations"]["nginx.ingress.kubernetes.io/affinity"] == "cookie"
    for pod in pods().values():
        (container,) = pod["spec"]["containers"]
        assert {mount["name"] for mount in container["volumeMounts"]} == {
            item["name"] for item in pod["spec"]["volumes"]
        }
        assert pod["spec"]["securityContext"]["runAsUser"] == 10001
        assert container["image"] == f"article-assistant:{PROJECT['project']['version']}"


@contextmanager
def answering(status):
    """A server that answers `/health` with this status, and nothing else."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self):
            assert self.path == PATH
            self.send_response(status)
            self.end_headers()

        def log_message(self, *arguments):
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.handle_request)
        thread.start()
        yield server.server_port
        thread.join()


def test_the_image_has_what_the_program_needs_and_runs_as_nobody_in_particular():
    copied = {
        name for line in re.findall(r"^COPY (?!--from)(.*)$", DOCKERFILE, re.MULTILINE) for name in line.split()[:-1]
    }
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text().splitlines() if line.startswith("!")}
    assert copied == let_in
    assert all((ROOT / name).exists() for name in copied)
    assert {package.split(".")[0] for package in PROJECT["tool"]["setuptools"]["packages"]} <= copied
    extras = re.search(r"ARG EXTRAS=(.*)", DOCKERFILE).group(1).split(",")
    assert set(extras) <= set(PROJECT["project"]["optional-dependencies"])
    assert "USER 10001" in DOCKERFILE
    assert "--constraint requirements.lock" in DOCKERFILE
    assert re.search(r"^torch==", (ROOT / "requirements.lock").read_text(), re.MULTILINE)
    probe = yaml.safe_load(re.search(r"HEALTHCHECK .* CMD (\[.*\])$", DOCKERFILE, re.MULTILINE).group(1))[2]
    assert f"{DEFAULT_PORT}, " in probe
    for status, ends in ((200, 0), (503, 1), (421, 1)):
        with answering(status) as port:
            told = [sys.executable, "-c", probe.replace(f"{DEFAULT_PORT}, ", f"{port}, ")]
            assert subprocess.run(told, check=False, stderr=subprocess.DEVNULL).returncode == ends
    assert "article-assistant" in PROJECT["project"]["scripts"]


def test_the_passwords_are_nowhere_in_the_files():
    for path in DEPLOY.iterdir():
        assert "minioadmin" not in path.read_text(encoding="utf-8")
    (values,) = documents("milvus-values.yaml")
    assert values["service"]["port"] == PORT
    image = documents("compose.yaml")[0]["services"]["milvus"]["image"]
    assert image == f"{values['image']['all']['repository']}:{values['image']['all']['tag']}"
