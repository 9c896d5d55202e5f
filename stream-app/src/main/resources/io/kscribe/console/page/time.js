/** Minutes and seconds, hours where there are any: 1:05, 1:02:03. */
export function clock(millis) {
    const seconds = Math.max(0, Math.floor(millis / 1000));
    const two = number => String(number).padStart(2, '0');
    const hours = Math.floor(seconds / 3600);
    const minutes = Math.floor(seconds / 60) % 60;
    return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}

/** A moment within a call, to a hundredth of a second. */
export function moment(millis) {
    return `${clock(millis)}.${String(Math.floor(Math.max(0, millis) / 10) % 100).padStart(2, '0')}`;
}

/** How long something takes, in words. */
export function span(millis) {
    const seconds = Math.round(millis / 1000);
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

const hours = new Intl.DateTimeFormat(undefined, {hour: '2-digit', minute: '2-digit'});
const days = new Intl.DateTimeFormat(undefined, {day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit'});

/** The time of day; with the day if it is another. */
export function timeOfDay(millis) {
    const then = new Date(millis);
    return (then.toDateString() === new Date().toDateString() ? hours : days).format(then);
}

export function median(numbers) {
    const sorted = [...numbers].sort((one, other) => one - other);
    return sorted.length === 0 ? NaN : sorted[Math.floor(sorted.length / 2)];
}
