/** Names under which is kept what a gateway counts, by fleet and by route. */
export const requestsMetric = 'plimsoll_gateway_requests_total'
export const durationMetric = 'http_server_request_duration_seconds'
export const routeRequestsMetric = 'plimsoll_gateway_route_requests_total'
export const routeDurationMetric = 'plimsoll_gateway_route_duration_seconds'
/** Of a fleet: instances that its gateway leaves alone since they keep failing, and how often it has. */
export const ejectedMetric = 'plimsoll_gateway_ejected_instances'
export const ejectionsMetric = 'plimsoll_gateway_ejections_total'
/** Lines of access logs that could not be written. */
export const logDroppedMetric = 'plimsoll_gateway_access_log_dropped_total'
