//! Credentials in base64, as in Kubernetes Secrets and CI variables, are found where they stand, and
//! are the same credentials as in plain text.

use crate::common::{Outcome, Workspace, places, render};
use data_encoding::BASE64;
use serde_json::Value;

const SECRET: &str = "apiVersion: v1\nkind: Secret\nmetadata:\n  name: shop\ndata:\n";
const TOKEN: &str = "{{sample:github-classic-token}}";

/// The report on one file.
fn report(name: &str, text: &str) -> Value {
    let workspace = Workspace::new();
    workspace.write(name, text);
    workspace.json(&["scan"])
}

/// The rules of the findings, in order.
fn rules(report: &Value) -> Vec<String> {
    places(report).into_iter().map(|(rule, ..)| rule).collect()
}

#[test]
fn a_kubernetes_secret_is_read() {
    let token = render("secret", TOKEN);
    let base64 = BASE64.encode(token.as_bytes());
    let report = report("secret.yaml", &format!("{SECRET}  token: {base64}\n"));
    let (rule, path, line, column) = places(&report).remove(0);
    assert_eq!((&*rule, &*path), ("github-classic-token", "secret.yaml"));
    assert_eq!((line, column), (6, 10));
    assert_eq!(places(&report).len(), 1);
    let finding = &report["findings"][0];
    assert_eq!(finding["end_column"], 10 + base64.len());
    assert_eq!(finding["validity"]["value"], "checksum-ok");
}

#[test]
fn it_is_the_same_credential_as_in_plain_text() {
    let token = render("same", TOKEN);
    let base64 = BASE64.encode(format!("{token}\n").as_bytes());
    let workspace = Workspace::new();
    workspace.write("a/.env", format!("GITHUB_TOKEN={token}\n"));
    workspace.write("b/secret.yaml", format!("{SECRET}  token: {base64}\n"));
    let report = workspace.json(&["scan"]);
    let (plain, wrapped) = (&report["findings"][0], &report["findings"][1]);
    assert_eq!(rules(&report).len(), 2);
    for field in ["rule", "secret", "fingerprint", "credential"] {
        assert_eq!(plain[field], wrapped[field], "{field}");
    }
}

#[test]
fn no_format_shows_it() {
    let token = render("shown", TOKEN);
    let base64 = BASE64.encode(token.as_bytes());
    let workspace = Workspace::new();
    workspace.write("secret.yaml", format!("{SECRET}  token: {base64}\n"));
    for format in ["text", "json", "jsonl", "sarif", "markdown"] {
        let Outcome { stdout, stderr, .. } = workspace.run(&["scan", "--format", format]);
        for out in [stdout, stderr] {
            let shows = out.contains(&token[4..16]) || out.contains(&base64[8..24]);
            assert!(!shows, "{format} shows it");
        }
    }
}

#[test]
fn each_of_several_has_its_own_place() {
    let inside = "GITHUB_TOKEN={{sample:github-classic-token}}\n\
        STRIPE_KEY={{sample:stripe-live-secret-key}}\n\
        OTHER={{sample:github-classic-token}}\n";
    let base64 = BASE64.encode(render("several", inside).as_bytes());
    let report = report("ci.yaml", &format!("env_file: {base64}\n"));
    let expected = [
        "github-classic-token",
        "stripe-live-secret-key",
        "github-classic-token",
    ];
    assert_eq!(rules(&report), expected);
    let columns: Vec<u64> = places(&report).into_iter().map(|place| place.3).collect();
    assert!(columns.is_sorted_by(|a, b| a < b), "{columns:?}");
}

#[test]
fn a_folded_value_is_read() {
    let inside = format!("# settings of the shop\n\nexport TOKEN={TOKEN}\nexport DEBUG=1\n");
    let base64 = BASE64.encode(render("folded", &inside).as_bytes());
    let lines: Vec<&str> = base64
        .as_bytes()
        .chunks(64)
        .map(|line| std::str::from_utf8(line).expect("it is ASCII"))
        .collect();
    let text = format!("{SECRET}  env: |\n    {}\n", lines.join("\n    "));
    assert_eq!(
        rules(&report("secret.yaml", &text)),
        ["github-classic-token"]
    );
}

#[test]
fn a_known_token_says_more_than_the_header_around_it() {
    let user = format!("{{{{b64:deploy:{TOKEN}}}}}");
    let text = render(
        "header",
        &format!("curl -H 'Authorization: Basic {user}' https://git.acme.io/shop\n"),
    );
    assert_eq!(rules(&report("get.sh", &text)), ["github-classic-token"]);
}

#[test]
fn a_mark_at_its_line_excuses_it() {
    let base64 = BASE64.encode(render("marked", TOKEN).as_bytes());
    let mark = "# straykey:allow[github-classic-token] revoked in May";
    let report = report(
        "secret.yaml",
        &format!("{SECRET}  token: {base64} {mark}\n"),
    );
    assert!(rules(&report).is_empty());
    assert_eq!(report["summary"]["suppressed"], 1);
}

#[test]
fn what_is_no_credential_inside_is_none_outside() {
    let certificate = "{{b64:{{dash:5}}BEGIN CERTIFICATE{{dash:5}}\n{{base64:64}}\n{{base64:64}}}}";
    let template = format!(
        "ca.crt: {certificate}\n\
         settings: {{{{b64:retries: 3, timeout: 20s, region: eu-west-1, log: debug}}}}\n\
         \"integrity\": \"sha512-{{{{base64:86}}}}==\"\n\
         image: data:image/png;base64,iVBORw0KGgo{{{{base64:400}}}}\n"
    );
    let report = report("values.yaml", &render("noise", &template));
    assert!(rules(&report).is_empty(), "{:?}", places(&report));
}

#[test]
fn endless_base64_comes_to_an_end() {
    let inside = "{\"version\":3,\"sources\":[\"a.ts\"]}".repeat(100_000);
    let map = BASE64.encode(inside.as_bytes());
    let text = format!("let a;\n//# sourceMappingURL=data:application/json;base64,{map}\n");
    let report = report("app.js", &text);
    assert!(rules(&report).is_empty());
    assert_eq!(report["coverage"]["complete"], true);
}
