/** Names under which is kept what a gateway counts, by fleet and by route. */
export const requestsMetric = 'plimsoll_gateway_requests_total'
export const durationMetric = 'http_server_request_duration_seconds'
export const routeRequestsMetric = 'plimsoll_gateway_route_requests_total'
export const routeDurationMetric = 'plimsoll_gateway_route_duration_seconds'
