"use strict";

const place = document.getElementById("document");
SwaggerUIBundle({ domNode: place, url: place.dataset.address, deepLinking: true, validatorUrl: null, persistAuthorization: false });
