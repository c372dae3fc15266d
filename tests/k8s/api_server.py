"""As much of a Kubernetes API server as the runbook's commands need: it keeps objects in memory, and a pod runs its
command at once, on this machine. A pod takes a moment until it is ready, as pods do."""
import base64, hashlib, http.server, json, re, threading, time, urllib.parse

RESOURCES = {
    "v1": {"namespaces": "Namespace", "pods": "Pod", "secrets": "Secret", "configmaps": "ConfigMap", "events": "Event",
           "serviceaccounts": "ServiceAccount", "persistentvolumeclaims": "PersistentVolumeClaim"},
    "batch/v1": {"jobs": "Job", "cronjobs": "CronJob"},
    "networking.k8s.io/v1": {"networkpolicies": "NetworkPolicy"},
    "monitoring.coreos.com/v1": {"prometheusrules": "PrometheusRule"},
}
SECONDS_UNTIL_READY = 1
PATH = re.compile(r"/(?:api|apis)/(?P<group>v1|[^/]+/v1)(?:/namespaces/(?P<namespace>[^/]+)(?=/))?"
                  r"/(?P<resource>[a-z]+)(?:/(?P<name>[^/]+))?(?:/(?P<part>[a-z]+))?$")

def where(group):
    return f"apis/{group}" if "/" in group else f"api/{group}"

def merged(value, patch):
    """RFC 7386; where it says null, the key goes."""
    if not isinstance(patch, dict):
        return patch
    result = dict(value) if isinstance(value, dict) else {}
    for key, one in patch.items():
        if one is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), one)
    return result

class Cluster:
    """`run(pod, argv, has_terminal)` does what a container does: returns its exit code and output."""
    def __init__(self, run):
        self.run, self.objects, self.asked, self.lock = run, {}, [], threading.RLock()
        self.logs = {}

    def add(self, key, thing):
        group, namespace, resource, name = key
        meta = thing.setdefault("metadata", {})
        meta.update(name=name, uid=f"uid-{len(self.asked)}", resourceVersion=str(len(self.asked) + 1),
                    creationTimestamp=time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()))
        if resource != "namespaces":
            meta["namespace"] = namespace
        thing.update(apiVersion=group, kind=RESOURCES[group][resource])
        self.objects[key] = thing
        if resource == "jobs":
            self.start(thing)
        return thing

    def start(self, job):
        """The job controller and the kubelet in one."""
        name, namespace = job["metadata"]["name"], job["metadata"]["namespace"]
        template = job["spec"]["template"]
        labels = {"job-name": name, "batch.kubernetes.io/job-name": name}
        job["spec"]["selector"] = {"matchLabels": {"batch.kubernetes.io/job-name": name}}
        job["status"] = {"startTime": job["metadata"]["creationTimestamp"], "active": 1}
        pod = {"metadata": {"labels": {**template.get("metadata", {}).get("labels", {}), **labels}},
               "spec": template["spec"]}
        self.add(("v1", namespace, "pods", f"{name}-abcde"), pod)
        pod["since"] = time.monotonic()
        arguments = template["spec"]["containers"][0].get("args")
        self.logs[pod["metadata"]["name"]] = self.run(pod, arguments, False)[1] if arguments else ""

    def shown(self, thing):
        thing = dict(thing)
        if thing["kind"] == "Pod":
            is_ready = time.monotonic() - thing.pop("since") > SECONDS_UNTIL_READY
            names = [one["name"] for one in thing["spec"]["containers"]]
            thing["status"] = {"phase": "Running" if is_ready else "Pending",
                               "conditions": [{"type": "Ready", "status": str(is_ready)}],
                               "containerStatuses": [{"name": name, "ready": is_ready, "restartCount": 0, "image": "",
                                                      "imageID": "", "state": {"running": {}} if is_ready else
                                                      {"waiting": {}}} for name in names]}
        return thing

class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    cluster = None

    def log_message(self, *_):
        pass

    def answer(self, body, code=200):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/plain" if isinstance(body, bytes) else "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def refuse(self, code, reason):
        self.answer({"kind": "Status", "apiVersion": "v1", "status": "Failure", "reason": reason, "code": code,
                     "message": f"{self.command} {self.path}: {reason}"}, code)

    def handle_request(self):
        url = urllib.parse.urlsplit(self.path)
        query = urllib.parse.parse_qs(url.query)
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.cluster.lock:
            self.cluster.asked.append(f"{self.command} {self.path}")
        if self.discovery(url.path):
            return None
        found = PATH.match(url.path)
        if not found or found["resource"] not in RESOURCES.get(found["group"], {}):
            return self.refuse(404, "NotFound")
        key = (found["group"], found["namespace"], found["resource"], found["name"])
        if found["part"] == "log":
            return self.answer(self.cluster.logs.get(key[3], "").encode())
        if found["part"] == "exec":
            return self.execute(key[:4], query)
        if query.get("watch"):
            return self.watch(key, query)
        with self.cluster.lock:
            return self.change(key, query, body)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_request

    def discovery(self, path):
        groups = [name for name in RESOURCES if "/" in name]
        if path == "/api":
            self.answer({"kind": "APIVersions", "versions": ["v1"]})
        elif path == "/apis":
            self.answer({"kind": "APIGroupList", "apiVersion": "v1", "groups": [
                {"name": name.split("/")[0], "versions": [{"groupVersion": name, "version": "v1"}],
                 "preferredVersion": {"groupVersion": name, "version": "v1"}} for name in groups]})
        elif (name := path.removeprefix("/apis/").removeprefix("/api/")) in RESOURCES:
            self.answer({"kind": "APIResourceList", "groupVersion": name, "resources": [
                {"name": plural, "singularName": kind.lower(), "kind": kind, "namespaced": plural != "namespaces",
                 "verbs": ["create", "delete", "get", "list", "patch", "update", "watch"]}
                for plural, kind in RESOURCES[name].items()]})
        elif path == "/openapi/v3":
            self.answer({"paths": {where(name): {"serverRelativeURL": f"/openapi/v3/{where(name)}"} for name in RESOURCES}})
        elif path.startswith("/openapi/v3/"):  # all that kubectl looks for: may it leave the validation to the server?
            name = next(one for one in RESOURCES if path.endswith(where(one)))
            group, version = name.split("/") if "/" in name else ("", name)
            self.answer({"openapi": "3.0.0", "info": {"title": name, "version": version}, "paths": {
                f"/{where(name)}/{plural}/{{name}}": {"patch": {
                    "parameters": [{"name": "fieldValidation", "in": "query"}], "responses": {},
                    "x-kubernetes-group-version-kind": {"group": group, "version": version, "kind": kind}}}
                for plural, kind in RESOURCES[name].items()}})
        elif path == "/version":
            self.answer({"major": "1", "minor": "31", "gitVersion": "v1.31.0"})
        else:
            return False
        return True

    def listed(self, key, query):
        wanted = dict(one.split("=") for one in query.get("labelSelector", [""])[0].split(",") if one)
        name = query.get("fieldSelector", [""])[0].removeprefix("metadata.name=")
        return [self.cluster.shown(thing) for place, thing in sorted(self.cluster.objects.items(), key=str)
                if place[:3] == key[:3] and wanted.items() <= thing["metadata"].get("labels", {}).items()
                and name in ("", place[3])]

    def change(self, key, query, body):
        objects, (group, namespace, resource, name) = self.cluster.objects, key
        is_dry = "dryRun" in query
        if self.command == "POST":
            thing = json.loads(body)
            key = (group, namespace, resource, thing["metadata"]["name"])
            if key in objects:
                return self.refuse(409, "AlreadyExists")
            return self.answer(self.cluster.shown(self.cluster.add(key, thing)) if not is_dry else thing, 201)
        if self.command == "GET" and not name:
            return self.answer({"kind": RESOURCES[group][resource] + "List", "apiVersion": group,
                                "metadata": {"resourceVersion": "1"}, "items": self.listed(key, query)})
        if key not in objects:
            return self.refuse(404, "NotFound")
        if self.command == "PATCH":
            thing = merged(objects[key], json.loads(body))
            if not is_dry:
                objects[key] = thing
            return self.answer(self.cluster.shown(thing))
        thing = self.cluster.shown(objects[key])
        if self.command == "DELETE":
            del objects[key]
            if resource == "jobs":
                objects.pop(("v1", namespace, "pods", f"{name}-abcde"), None)
        return self.answer(thing)

    def watch(self, key, query):
        """Tells every object that there is whenever it changes, for some seconds."""
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        told, until = {}, time.monotonic() + 10
        while time.monotonic() < until:
            with self.cluster.lock:
                things = self.listed(key, query)
            for thing in things:
                text = json.dumps(thing)
                if told.get(thing["metadata"]["name"]) != text:
                    told[thing["metadata"]["name"]] = text
                    try:
                        self.wfile.write(json.dumps({"type": "MODIFIED", "object": thing}).encode() + b"\n")
                    except BrokenPipeError:  # nobody waits any more
                        return
            time.sleep(0.1)

    def execute(self, key, query):
        """Runs the command, and sends its output and exit code as kubectl reads them: RFC 6455, channel by channel."""
        code, output = self.cluster.run(self.cluster.objects[key], query["command"], "true" in query.get("tty", []))
        status = {"status": "Success"} if code == 0 else {
            "status": "Failure", "reason": "NonZeroExitCode", "message": f"command terminated with exit code {code}",
            "details": {"causes": [{"reason": "ExitCode", "message": str(code)}]}}
        secret = self.headers["Sec-WebSocket-Key"] + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
        self.send_response(101)
        self.send_header("Upgrade", "websocket")
        self.send_header("Connection", "Upgrade")
        self.send_header("Sec-WebSocket-Accept", base64.b64encode(hashlib.sha1(secret.encode()).digest()).decode())
        self.send_header("Sec-WebSocket-Protocol", "v5.channel.k8s.io")
        self.end_headers()
        data = output.encode()
        for start in range(0, len(data), 16_384):
            self.frame(0x82, b"\1" + data[start:start + 16_384])
        self.frame(0x82, b"\3" + json.dumps(status).encode())
        self.frame(0x88, (1000).to_bytes(2, "big"))
        self.close_connection = True
        self.connection.settimeout(5)
        while self.connection.recv(4096):  # what is unread at the end would cut off what was sent
            pass

    def frame(self, kind, data):
        size = len(data)
        length = bytes([size]) if size < 126 else b"\x7e" + size.to_bytes(2, "big") if size < 65536 else \
            b"\x7f" + size.to_bytes(8, "big")
        self.wfile.write(bytes([kind]) + length + data)

def serve(cluster):
    """Returns the URL of a server that runs until the program ends."""
    handler = type("ClusterHandler", (Handler,), {"cluster": cluster})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"
