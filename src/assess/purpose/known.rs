//! The purposes that names state: plain data.

use crate::privilege::Capability::{
    self, ManageIdentity, MoveMoney, Publish, ReadData, ReadSecrets, RunCode, SendMessage, Spend,
    WriteData,
};

/// A purpose.
pub(super) struct Known {
    /// What it is called.
    pub(super) name: &'static str,
    /// The words that name it, lower case. No word names two purposes.
    pub(super) words: &'static [&'static str],
    /// What it needs.
    pub(super) needs: &'static [Capability],
    /// Providers whose whole business it is: their power is never beyond it.
    pub(super) providers: &'static [&'static str],
}

/// Every purpose.
#[rustfmt::skip]
pub(super) const KNOWN: &[Known] = &[
    Known {
        name: "domains",
        words: &["cname", "dns", "domain", "domains", "nameserver", "nameservers"],
        needs: &[WriteData, ReadData],
        providers: &["dnsimple", "namecheap"],
    },
    Known {
        name: "email",
        words: &["email", "emails", "mail", "mailer", "newsletter", "smtp"],
        needs: &[SendMessage],
        providers: &["brevo", "mailchimp", "mailgun", "mailjet", "postmark", "resend", "sendgrid"],
    },
    Known {
        name: "monitoring",
        words: &["analytics", "logging", "logs", "metrics", "monitoring", "observability", "sentry", "telemetry", "tracing"],
        needs: &[WriteData],
        providers: &[
            "amplitude", "axiom", "better-stack", "bugsnag", "datadog", "dynatrace", "grafana", "honeycomb", "loggly", "logz-io",
            "mezmo", "mixpanel", "new-relic", "posthog", "rollbar", "sentry", "splunk", "sumo-logic",
        ],
    },
    Known {
        name: "backup",
        words: &["backup", "backups", "restore", "snapshot", "snapshots"],
        needs: &[WriteData, ReadData],
        providers: &["backblaze"],
    },
    Known {
        name: "deploy",
        words: &["cd", "ci", "deploy", "deployer", "deployment", "release", "releases"],
        needs: &[RunCode, Publish, WriteData, ReadData, ReadSecrets],
        providers: &["buildkite", "circleci", "drone-ci", "octopus-deploy", "travis-ci"],
    },
    Known {
        name: "payments",
        words: &["billing", "checkout", "invoice", "invoices", "payment", "payments", "payout", "payouts"],
        needs: &[MoveMoney, WriteData, ReadData],
        providers: &["adyen", "braintree", "paypal", "square", "stripe"],
    },
    Known {
        name: "search",
        words: &["indexer", "indexing", "search"],
        needs: &[ReadData, WriteData],
        providers: &["algolia", "elastic", "pinecone"],
    },
    Known {
        name: "uploads",
        words: &["asset", "assets", "cdn", "image", "images", "media", "storage", "thumbnail", "upload", "uploader", "uploads"],
        needs: &[WriteData, ReadData],
        providers: &["backblaze", "cloudinary", "wasabi"],
    },
    Known {
        name: "notifications",
        words: &["alert", "alerting", "alerts", "notification", "notifications", "notifier", "notify", "slack", "webhook", "webhooks"],
        needs: &[SendMessage],
        providers: &["discord", "opsgenie", "pagerduty", "slack", "telegram", "twilio"],
    },
    Known {
        name: "reading",
        words: &["dashboard", "export", "exporter", "read", "reader", "readonly", "report", "reporting", "reports"],
        needs: &[ReadData],
        providers: &[],
    },
    Known {
        name: "publishing",
        words: &["npm", "publish", "publisher"],
        needs: &[Publish],
        providers: &["clojars", "crates-io", "hex-pm", "jsr", "npm", "nuget", "open-vsx", "packagist", "pypi", "rubygems"],
    },
    Known {
        name: "tests",
        words: &["cypress", "e2e", "playwright", "test", "tests"],
        needs: &[ReadData, WriteData],
        providers: &[],
    },
    Known {
        name: "AI",
        words: &["ai", "chat", "chatbot", "embedding", "embeddings", "llm"],
        needs: &[Spend],
        providers: &["anthropic", "cohere", "groq", "huggingface", "mistral", "openai", "replicate"],
    },
    Known {
        name: "translation",
        words: &["i18n", "l10n", "translate", "translation", "translations"],
        needs: &[Spend, WriteData, ReadData],
        providers: &["deepl"],
    },
    Known {
        name: "maps",
        words: &["geocode", "geocoder", "geocoding", "geolocation", "map", "maps"],
        needs: &[Spend],
        providers: &["mapbox"],
    },
    Known {
        name: "sign-in",
        words: &["login", "oidc", "saml", "signin", "signup", "sso"],
        needs: &[ManageIdentity, ReadData, WriteData],
        providers: &["auth0", "clerk", "okta", "onelogin", "stytch", "workos"],
    },
];

/// Powers that surprise in a credential whose purpose has no use for them.
pub(super) const DRASTIC: &[Capability] = &[
    Capability::DeleteInfrastructure,
    Capability::DeleteBackups,
    Capability::DeleteData,
    ManageIdentity,
    ReadSecrets,
    RunCode,
    Publish,
    MoveMoney,
];

/// Folder names that say how a project is laid out, or where a log went, not what a credential is for.
pub(super) const LAYOUT: &[&str] = &[
    "asset", "assets", "cd", "ci", "image", "images", "logs", "map", "maps", "media", "read",
    "releases", "reports", "storage", "test", "tests", "uploads",
];

/// Endings of files of prose: their names are topics.
pub(super) const TOPICS: &[&str] = &["adoc", "htm", "html", "ipynb", "md", "mdx", "rst", "txt"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_names_one_purpose() {
        let mut words: Vec<_> = KNOWN.iter().flat_map(|known| known.words).collect();
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
