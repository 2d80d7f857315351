//! An issuer of its own for each test, and a client that does what a program and a browser do together.

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use issuer::{Fault, Issuer, Options, TALK_CLIENT};
use jsonwebtoken::jwk::JwkSet;
use jsonwebtoken::{Algorithm, DecodingKey, TokenData, Validation};
use reqwest::header::{CONTENT_TYPE, LOCATION};
use reqwest::{Response, Url, redirect};
use serde_json::Value;
use sha2::{Digest, Sha256};

/// Nothing in these tests takes this long.
const LIMIT: Duration = Duration::from_secs(20);

/// The server that tokens are for. Nothing listens there.
pub(crate) const RESOURCE: &str = "http://127.0.0.1:8080/mcp";

/// Where the client of these tests would listen.
pub(crate) const REDIRECT: &str = "http://127.0.0.1:51004/callback";

/// What only the client knows.
pub(crate) const VERIFIER: &str = "a-verifier-that-only-these-tests-know-0123456789";

/// Names and values of a query or a form.
pub(crate) type Pairs = Vec<(String, String)>;

/// A running issuer and a client of it.
pub(crate) struct Api {
    pub(crate) issuer: Issuer,
    client: reqwest::Client,
}

impl Api {
    pub(crate) async fn start() -> Self {
        Self::with(Options::default()).await
    }

    pub(crate) async fn with(options: Options) -> Self {
        let client = reqwest::Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(LIMIT)
            .build();
        Self {
            issuer: Issuer::start(options).await.expect("a free port"),
            client: client.expect("a client"),
        }
    }

    pub(crate) fn fault(&self, fault: Fault) {
        self.issuer.fault(fault).expect("the route exists");
    }

    /// Asks below the issuer's own path.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.get_at(&format!("{}{path}", self.issuer.url())).await
    }

    pub(crate) async fn get_at(&self, url: &str) -> Reply {
        Reply::of(self.client.get(url).send().await.expect("a reply")).await
    }

    pub(crate) async fn send(
        &self,
        method: &str,
        path: &str,
        headers: &[(&str, &str)],
        body: &str,
    ) -> Reply {
        let method = method.parse().expect("a method");
        let url = format!("{}{path}", self.issuer.url());
        let mut request = self.client.request(method, url).body(body.to_owned());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        Reply::of(request.send().await.expect("a reply")).await
    }

    pub(crate) async fn form(&self, path: &str, headers: &[(&str, &str)], pairs: &Pairs) -> Reply {
        let mut headers = headers.to_vec();
        headers.push((CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded"));
        self.send("POST", path, &headers, &encoded(pairs)).await
    }

    pub(crate) async fn token(&self, pairs: &Pairs) -> Reply {
        self.form("/token", &[], pairs).await
    }

    pub(crate) async fn authorize(&self, pairs: &Pairs) -> Reply {
        self.get(&format!("/authorize?{}", encoded(pairs))).await
    }

    /// Presses a button of the consent page that a request leads to.
    pub(crate) async fn decide(&self, request: &Pairs, decision: &str) -> Reply {
        let page = self.authorize(request).await;
        assert_eq!(page.status, 200, "{}", page.body);
        let name = page.hidden("request");
        let pairs = pairs(&[
            ("request", &name),
            ("subject", "ada"),
            ("decision", decision),
        ]);
        self.form("/consent", &[], &pairs).await
    }

    /// A code for a request that was allowed.
    pub(crate) async fn code(&self, request: &Pairs) -> String {
        self.decide(request, "allow")
            .await
            .answer("code")
            .expect("a code")
    }

    /// Signs the client of `talk` in, and gives the reply of the token endpoint.
    pub(crate) async fn sign_in(&self) -> Value {
        let code = self.code(&request()).await;
        self.token(&redemption(&code)).await.ok()
    }

    /// Judges a token as a careful server does, with the keys that are published now.
    pub(crate) async fn judge(
        &self,
        token: &str,
    ) -> jsonwebtoken::errors::Result<TokenData<Value>> {
        let header = jsonwebtoken::decode_header(token)?;
        let set: JwkSet = serde_json::from_value(self.get("/jwks").await.ok()).expect("a key set");
        let key = header.kid.and_then(|kid| set.find(&kid).cloned());
        let key = key.ok_or(jsonwebtoken::errors::ErrorKind::InvalidKeyFormat)?;
        let mut rules = Validation::new(Algorithm::ES256);
        rules.set_issuer(&[self.issuer.url()]);
        rules.set_audience(&[RESOURCE]);
        rules.set_required_spec_claims(&["exp", "iss", "aud", "sub"]);
        rules.validate_nbf = true;
        jsonwebtoken::decode(token, &DecodingKey::from_jwk(&key)?, &rules)
    }
}

/// A right authorization request of the client of `talk`.
pub(crate) fn request() -> Pairs {
    pairs(&[
        ("response_type", "code"),
        ("client_id", TALK_CLIENT),
        ("redirect_uri", REDIRECT),
        ("scope", "tracker:read tracker:write"),
        ("state", "state of the client & more"),
        (
            "code_challenge",
            &URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER)),
        ),
        ("code_challenge_method", "S256"),
        ("resource", RESOURCE),
    ])
}

/// A right token request for a code of [`request`].
pub(crate) fn redemption(code: &str) -> Pairs {
    pairs(&[
        ("grant_type", "authorization_code"),
        ("code", code),
        ("client_id", TALK_CLIENT),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
        ("resource", RESOURCE),
    ])
}

pub(crate) fn pairs(pairs: &[(&str, &str)]) -> Pairs {
    pairs
        .iter()
        .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
        .collect()
}

/// The same pairs, one of them with another value.
pub(crate) fn with(mut pairs: Pairs, name: &str, value: &str) -> Pairs {
    pairs.retain(|(known, _)| known != name);
    pairs.push((name.into(), value.into()));
    pairs
}

/// The same pairs without one of them.
pub(crate) fn without(mut pairs: Pairs, name: &str) -> Pairs {
    let before = pairs.len();
    pairs.retain(|(known, _)| known != name);
    assert_eq!(pairs.len(), before - 1, "{name}");
    pairs
}

fn encoded(pairs: &Pairs) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

/// What came back.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
}

impl Reply {
    async fn of(response: Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.expect("a whole body"),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name).map(|value| value.to_str());
        value.unwrap_or(Ok("")).expect("ASCII")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("JSON")
    }

    /// The body of a reply that says yes.
    #[track_caller]
    pub(crate) fn ok(&self) -> Value {
        assert!(
            (200..300).contains(&self.status),
            "{}: {}",
            self.status,
            self.body
        );
        self.json()
    }

    /// Holds a reply that says no to the shape of OAuth, and gives the sentence.
    #[track_caller]
    pub(crate) fn refused(&self, status: u16, code: &str) -> String {
        assert_eq!(self.status, status, "{}", self.body);
        let body = self.json();
        assert_eq!(body["error"], code, "{}", self.body);
        assert_eq!(self.header("cache-control"), "no-store");
        body["error_description"]
            .as_str()
            .expect("a sentence")
            .to_owned()
    }

    /// Holds a page that says no, and sends the browser nowhere.
    #[track_caller]
    pub(crate) fn refused_on_a_page(&self, code: &str) {
        assert_eq!(self.status, 400, "{}", self.body);
        assert!(self.headers.get(LOCATION).is_none());
        assert!(
            self.body.contains(&format!("Code: <code>{code}</code>")),
            "{}",
            self.body
        );
    }

    /// Where the browser is sent.
    #[track_caller]
    pub(crate) fn location(&self) -> Url {
        assert_eq!(self.status, 303, "{}", self.body);
        self.header(LOCATION.as_str()).parse().expect("a URL")
    }

    /// A parameter of the answer to the client.
    #[track_caller]
    pub(crate) fn answer(&self, name: &str) -> Option<String> {
        let location = self.location();
        let mut pairs = location.query_pairs();
        pairs
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }

    /// The value of a hidden field of the page.
    pub(crate) fn hidden(&self, name: &str) -> String {
        let begin = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.body.split_once(&begin).expect("the field");
        rest.split('"').next().expect("its end").to_owned()
    }
}
