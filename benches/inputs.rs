//! The texts that are searched, made from templates so that no credential stands in the repository.

use std::fmt;
use std::sync::{Arc, LazyLock};
use straykey::check::Checker;
use straykey::rule::builtin;

/// The moment of every scan, 2026-01-15: later the tokens in the templates have expired.
pub(crate) const MOMENT: i64 = 1_768_435_200;

/// A setting with a credential whose rule needs nothing but its form.
pub(crate) const TOKEN: &str = "GITHUB_TOKEN={{sample:github-classic-token}}\n";

/// A kind of text.
pub(crate) struct Sample {
    name: &'static str,
    /// The path it is searched under; rules look at its ending.
    pub(crate) path: &'static str,
    /// Rendered again and again, each time with another seed.
    template: &'static str,
}

impl Sample {
    /// At least `size` bytes of it, the same in every run.
    pub(crate) fn text(&self, size: usize) -> String {
        let mut text = String::with_capacity(size + self.template.len());
        let mut number = 0;
        while text.len() < size {
            text += &render(&format!("{} {number}", self.name), self.template);
            number += 1;
        }
        text
    }
}

/// The name in the table of results.
impl fmt::Display for Sample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// Renders a template; the same seed gives the same text.
pub(crate) fn render(seed: &str, template: &str) -> String {
    static CHECKER: LazyLock<Checker> = LazyLock::new(|| Checker::new(Arc::new(builtin()), &[]));
    CHECKER.render(seed, template).expect("it is a template")
}

/// What trees are made of.
pub(crate) static ORDINARY: &[Sample] = &[
    Sample {
        name: "code",
        path: "src/orders.ts",
        template: CODE,
    },
    // `.min.js` would count as generated, where nothing is guessed.
    Sample {
        name: "minified",
        path: "public/app.js",
        template: MINIFIED,
    },
    Sample {
        name: "lock file",
        path: "package-lock.json",
        template: LOCK,
    },
    Sample {
        name: "near misses",
        path: "var/requests.log",
        template: NEAR_MISSES,
    },
    Sample {
        name: "settings",
        path: ".env",
        template: SETTINGS,
    },
];

/// What a file may be made of to take long. Each stands for a loop that was or could be quadratic.
pub(crate) static HOSTILE: &[Sample] = &[
    Sample {
        name: "a token every 41 bytes",
        path: "tokens.txt",
        template: "{{sample:github-classic-token}} ",
    },
    Sample {
        name: "a key every 9 bytes",
        path: "keys.conf",
        template: "password=",
    },
    Sample {
        name: "a weak password every line",
        path: "logins.conf",
        template: "token=\"{{lower:4}}{{digits:4}}\"\n",
    },
    // No byte of it ends a value.
    Sample {
        name: "base64 on one line",
        path: "page.htm",
        template: "{{base64:76}}",
    },
    Sample {
        name: "joined runs on one line",
        path: "names.conf",
        template: "{{alnum:18}}.",
    },
    Sample {
        name: "open brackets",
        path: "deep.json",
        template: "([{",
    },
    Sample {
        name: "schemes without a host",
        path: "links.txt",
        template: "://",
    },
    Sample {
        name: "starts of web tokens",
        path: "claims.txt",
        template: "-eyJ{{lower:4}}",
    },
    Sample {
        name: "headings of keys without an end",
        path: "keys.asc",
        template: "{{dash:5}}BEGIN PGP PRIVATE KEY BLOCK{{dash:5}}\n",
    },
];

const CODE: &str = "\
export async function load{{alpha:8}}(id: string, limit = {{digits:2}}): Promise<Order[]> {
  const response = await fetch(`/api/orders/${id}?limit=${limit}`, options);
  if (!response.ok) {
    throw new RequestError(response.status, 'cannot load the order');
  }
  // The server sorts them by date: {{lower:7}} {{lower:4}} {{lower:9}}.
  return (await response.json()).items.map((item) => toOrder(item, {{digits:3}}));
}

";

const MINIFIED: &str = "\
function {{alpha:2}}(e,t){return t.{{lower:5}}?this._{{lower:6}}(e[{{digits:2}}],\"{{lower:8}}\"):void 0}\
var {{alpha:2}}={{alpha:2}}.{{alpha:18}}||[];e.exports=n.p+\"media/{{lower:6}}.{{lower_hex:20}}.svg\";";

const LOCK: &str = "    \"node_modules/{{lower:9}}\": {
      \"version\": \"{{digits:1}}.{{digits:2}}.{{digits:1}}\",
      \"resolved\": \"https://packages.example/{{lower:9}}/-/{{lower:9}}-1.0.{{digits:1}}.tgz\",
      \"integrity\": \"sha512-{{base64:86}}==\",
      \"engines\": { \"node\": \">={{digits:2}}\" }
    },
";

/// Each is the start of something that does not follow.
const NEAR_MISSES: &str = "\
ghp_{{alnum:12}} AKIA{{upper:7}} xoxb-{{digits:6}}-no eyJ{{alnum:24}} sk_live_{{lower:5}} \
{{dash:5}}BEGIN {{upper:3}} token: {{lower:9}} secret=\"{{lower:4}}\" postgres://{{lower:5}}:\n";

const SETTINGS: &str = "\
# settings of {{lower:8}}
NODE_ENV=production
PORT={{digits:4}}
LOG_LEVEL=info
DATABASE_HOST={{lower:6}}.internal
FEATURE_{{upper:6}}=true
GITHUB_TOKEN={{sample:github-classic-token}}
STRIPE_KEY={{sample:stripe-test-secret-key}}

";
