const main = document.getElementById('reference');
const { api, tokens, tokenWord } = main.dataset;
const urls = { ...(api !== '' && { api }), ...(tokens !== '' && { tokens }) };
const placeholder = `YOUR_${tokenWord.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')}`;

/** Viewers by what they show; each is made when it is first looked at. */
const viewers = {};
let shown = null;

function shows() {
  const wanted = new URLSearchParams(location.search).get('of');
  return Object.hasOwn(urls, wanted) ? wanted : Object.keys(urls)[0];
}

function show() {
  const next = shows();
  if (next === undefined || next === shown) return;
  const token = shown === null ? null : tokenOf(viewers[shown].ui);
  shown = next;
  viewers[next] ??= makeViewer(urls[next]);
  for (const [name, { node }] of Object.entries(viewers)) node.hidden = name !== next;
  for (const link of document.querySelectorAll('#switch a')) {
    if (link.dataset.shows === next) link.setAttribute('aria-current', 'page');
    else link.removeAttribute('aria-current');
  }
  void viewers[next].loaded.then(() => giveToken(viewers[next].ui, token));
}

function makeViewer(url) {
  const node = document.createElement('div');
  main.append(node);
  const viewer = { node };
  viewer.loaded = new Promise((loaded) => {
    viewer.ui = window.SwaggerUIBundle({
      url,
      domNode: node,
      onComplete: loaded,
      plugins: [discreet],
      requestInterceptor: withoutCookies,
      // No other origin is asked to check the document.
      validatorUrl: null,
      deepLinking: true,
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      // The token is in memory alone: not in storage, not in the address.
      persistAuthorization: false,
      syntaxHighlight: false,
    });
  });
  return viewer;
}

/** A call does what its token may do, whoever is signed in to this origin. */
function withoutCookies(request) {
  if (!request.loadSpec) request.credentials = 'omit';
  return request;
}

/** A token is not shown while it is typed, not remembered by the browser, and not written into commands to copy. */
function discreet() {
  return {
    wrapComponents: {
      Input:
        (Input, { React }) =>
        (props) =>
          React.createElement(
            Input,
            props.id === 'auth-bearer-value' ? { ...props, type: 'password', autoComplete: 'off' } : props,
          ),
      curl:
        (Curl, { React }) =>
        (props) =>
          React.createElement(Curl, { ...props, request: props.request.update('headers', withoutSecrets) }),
    },
  };
}

function withoutSecrets(headers) {
  return headers?.map((value, name) => (name.toLowerCase() === 'authorization' ? `Bearer ${placeholder}` : value));
}

/** The names under which a description knows bearer tokens. */
function bearerSchemes(ui) {
  const schemes = ui.specSelectors.specJson().getIn(['components', 'securitySchemes'])?.toJS() ?? {};
  return Object.keys(schemes).filter(
    (name) => schemes[name].type === 'http' && String(schemes[name].scheme).toLowerCase() === 'bearer',
  );
}

function authorised(ui) {
  return ui.authSelectors.authorized()?.toJS() ?? {};
}

function tokenOf(ui) {
  const given = authorised(ui);
  return bearerSchemes(ui).flatMap((name) => given[name]?.value ?? [])[0] ?? null;
}

function giveToken(ui, token) {
  const given = authorised(ui);
  for (const name of bearerSchemes(ui)) {
    if (token !== null) ui.preauthorizeApiKey(name, token);
    else if (Object.hasOwn(given, name)) ui.authActions.logout([name]);
  }
}

const links = document.getElementById('switch');
links.hidden = Object.keys(urls).length < 2;
links.addEventListener('click', (event) => {
  const link = event.target.closest('a');
  if (link === null || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (link.dataset.shows !== shown) history.pushState(null, '', link.href);
  show();
});
window.addEventListener('popstate', show);

const dark = matchMedia('(prefers-color-scheme: dark)');
const followLight = () => document.documentElement.classList.toggle('dark-mode', dark.matches);
dark.addEventListener('change', followLight);
followLight();
show();
