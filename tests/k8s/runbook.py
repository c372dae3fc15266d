"""Walks through the runbook: every command of k8s/README.md that stands in a block is executed, in the order of the page,
as an operator would who types it. kubectl speaks to a stand-in of an API server, whose pods run the real program on a real
PostgreSQL, as the logins that the runbook makes.

Usage: runbook.py REPOSITORY PROGRAM KUBECTL; the database `server` is where PGHOST and PGPORT say."""
import os, pathlib, re, shlex, subprocess, sys, tempfile
import api_server

repository, program, kubectl = (pathlib.Path(one).resolve() for one in sys.argv[1:4])
home = pathlib.Path(tempfile.mkdtemp(prefix="runbook."))
NAMESPACE = "customer-reconcile"

def environment_of(user):
    return {**os.environ, "PATH": f"{home}/bin:{os.environ['PATH']}", "HOME": str(home),
            "KUBECONFIG": f"{home}/kubeconfig", "NINEMINDS_TENANT_ID": value(MANAGEMENT), "PGDATABASE": "server", "PGUSER": user}

def run_in_pod(pod, argv, has_terminal):
    """What is mounted in the pod is in folders here; of its environment the login is taken. At a terminal sits somebody
    who says yes."""
    container = pod["spec"]["containers"][0]
    user = next(one["value"] for one in container["env"] if one["name"] == "PGUSER")
    words = [re.sub(r"^/(?=reports/|archive)", f"{home}/", word) for word in argv]
    if words[0] != "customer-reconcile" and "args" in container and argv is container["args"]:
        words.insert(0, "customer-reconcile")
    if has_terminal:
        words = ["script", "--quiet", "--return", "--command", shlex.join(words), "/dev/null"]
    ended = subprocess.run(words, env=environment_of(user), input="yes\n" if has_terminal else "", capture_output=True, text=True)
    return ended.returncode, ended.stdout + ended.stderr

def blocks(text):
    """The indented blocks, each with its line number. Lines that end in a backslash are joined."""
    block, start = [], 0
    for number, line in enumerate(text.split("\n") + [""], 1):
        if re.match(r" {4}", line):
            start = start if block else number
            block.append(line)
        elif block:
            yield start, re.sub(r" *\\\n *", " ", "\n".join(block))
            block = []

SQL = re.compile(r"^(CREATE|GRANT|ALTER|REVOKE)\b")

def steps(text):
    """Each command with the line of its block. A loop is one command."""
    for start, block in blocks(text):
        lines = [line for line in block.split("\n") if line.strip()]
        indent = len(lines[0]) - len(lines[0].lstrip())
        one = []
        for line in lines:
            is_inside = len(line) - len(line.lstrip()) > indent or line.strip() == "done"
            if one and not is_inside:
                yield start, "\n".join(one)
                one = []
            one.append(line[indent:])
        yield start, "\n".join(one)

def value(query):
    return subprocess.run(["psql", "-qAt", "-d", "server", "-c", query], check=True, capture_output=True, text=True).stdout.strip()

MANAGEMENT = "SELECT tenant FROM tenants WHERE client_name = 'Nine Minds LLC'"
FIRST_NIGHT = "SELECT run_id FROM customer_reconcile.run WHERE allowances IS NOT NULL ORDER BY started_at LIMIT 1"
# What a person decides about a company that belongs to nobody, and a tenant without a customer.
UNDECIDED = """SELECT t.tenant || ' ' || c.client_id FROM tenants t, clients c
    WHERE t.client_name = 'Copper Hill Tech Partners' AND c.client_name = t.client_name AND c.tenant <> t.tenant"""

def filled_in(command):
    """With what the page leaves to the reader."""
    for word, query in ("TENANT COMPANY", UNDECIDED), ("RUN", FIRST_NIGHT), ("6a7c2ec3", FIRST_NIGHT):
        if re.search(rf"\b{word}\b", command):
            command = re.sub(rf"\b{word}\b", value(query), command)
    return command.replace("NAME", "shell-1").replace('"Acme"', '"Harbor Light Systems"')

# Where another exit code than 0 is right, and why.
EXPECTED = [
    (r"kubectl diff", {1}, "there is a difference"),
    (r"plan --out /reports/first.json|plan --rehearse", {3}, "the first night trips a guard"),
    (r"--allow cleanup=37", {3}, "the demo's plan has no 37 clean-ups, so this allowance fits no guard"),
    (r"undo \S+( --yes)?$", {3}, "it would clean up more customers than the guard lets through"),
]
# The README's own commands, after the runbook's: by then nothing is due.
EXPECTED_LATER = [
    (r"apply first.json", {3}, "so the allowance fits no guard any more"),
    (r"undo", {3}, "as above"),
]

def main():
    (home / "bin").mkdir()
    (home / "reports").mkdir()
    (home / "bin/customer-reconcile").symlink_to(program)
    (home / "bin/kubectl").symlink_to(kubectl)
    cluster = api_server.Cluster(run_in_pod)
    url = api_server.serve(cluster)
    (home / "kubeconfig").write_text(
        f"apiVersion: v1\nkind: Config\ncurrent-context: here\nclusters: [{{name: here, cluster: {{server: '{url}'}}}}]\n"
        "contexts: [{name: here, context: {cluster: here, user: me}}]\nusers: [{name: me, user: {}}]\n")
    here = home / "k8s"
    here.symlink_to(repository / "k8s")
    for name in "writer.password", "reader.password", "owner.password", "ca.crt", "webhook.url":
        (home / name).write_text("x")
    failures, done = [], 0
    def walk(page, expected, is_meant):
        nonlocal done
        for line, command in steps((repository / page).read_text()):
            if not is_meant(command):
                continue
            command = filled_in(command)
            if " exec -it job/shell-1" in command and not any(key[3] == "shell-1" for key in cluster.objects):
                subprocess.run(["kubectl", "create", "job", "--from=cronjob/customer-reconcile-shell", "shell-1"],
                               env=environment_of("postgres"), capture_output=True)
            argv = ["bash", "-euo", "pipefail", "-c", command]
            if SQL.match(command):
                argv = ["psql", "-q", "-v", "ON_ERROR_STOP=1", "-c", command]
            elif " exec -it " in command or page == "README.md":  # at a terminal, where somebody says yes
                argv = ["script", "--quiet", "--return", "--command", command, "/dev/null"]
            asked = len(cluster.asked)
            ended = subprocess.run(argv, cwd=home / "k8s" if "overlays/" in command else home,
                                   env=environment_of("postgres"), input="yes\n", capture_output=True, text=True, timeout=120)
            fitting = next((codes for pattern, codes, _ in expected if re.search(pattern, command)), {0})
            done += 1
            is_silent = command.startswith("kubectl ") and len(cluster.asked) == asked and \
                not re.match(r"kubectl (config|kustomize)", command)
            if ended.returncode not in fitting or is_silent:
                failures.append(f"{page}:{line}: {command}\n  exit code {ended.returncode}, and not one of {fitting}"
                                f"{'; the API server was not asked' if is_silent else ''}\n"
                                f"{ended.stdout[-1500:]}{ended.stderr[-1500:]}")
    # \password asks a person, and the database of this walk trusts everybody.
    walk("k8s/README.md", EXPECTED, lambda command: not command.startswith("\\password"))
    walk("README.md", EXPECTED_LATER, lambda command: re.match("customer-reconcile [a-z]", command))
    night = cluster.objects.get(("batch/v1", NAMESPACE, "cronjobs", "customer-reconcile"))
    if not night or night["spec"]["suspend"]:
        failures.append("at the end of the page there are no nights, or they are suspended")
    if not (home / "reports/first.json").exists():
        failures.append("the first night's plan was not saved")
    print("\n\n".join(failures) or f"{done} commands of the runbook did what the page says")
    subprocess.run(["rm", "-rf", str(home)], check=True)
    sys.exit(1 if failures or done < 40 else 0)

main()
