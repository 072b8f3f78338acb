export { type SpecialDay, specialDay, type Weekday } from './calendar/day.ts'
export { type Band, type Forecast, type ForecastOptions, forecast } from './forecast.ts'
export { evenly, type History, type Point, type Refusal } from './history.ts'
export { type Level, levels, type Method } from './outlook.ts'
