/** Makes an element. Text is text: nothing here ever becomes markup. */
export function el(name, attributes = {}, ...children) {
    const made = name === 'svg' || name === 'path' || name === 'rect'
        ? document.createElementNS('http://www.w3.org/2000/svg', name)
        : document.createElement(name);
    for (const [key, value] of Object.entries(attributes)) {
        if (value !== null && value !== undefined) {
            made.setAttribute(key, value);
        }
    }
    made.append(...children);
    return made;
}

export const byId = id => document.getElementById(id);

/** Writes a text, unless it is there already. */
export function write(element, text) {
    if (element.textContent !== text) {
        element.textContent = text;
    }
}

/** Sets an attribute, or takes it away if the value is null, unless that is so already. */
export function mark(element, name, value) {
    if (value === null) {
        element.removeAttribute(name);
    } else if (element.getAttribute(name) !== String(value)) {
        element.setAttribute(name, value);
    }
}

const jobs = new Set();
let asked = false;

/** Runs a job before the next frame is drawn, once however often it is asked for. */
export function beforeFrame(job) {
    jobs.add(job);
    if (!asked) {
        asked = true;
        requestAnimationFrame(runJobs);
    }
}

function runJobs() {
    asked = false;
    const due = [...jobs];
    jobs.clear();
    due.forEach(job => job());
}
