window.SwaggerUIBundle({
  url: 'openapi.json',
  dom_id: '#reference',
  // No other origin is asked to check the document.
  validatorUrl: null,
  deepLinking: true,
  docExpansion: 'list',
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  persistAuthorization: false,
  syntaxHighlight: false,
});
