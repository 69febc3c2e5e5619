// Brings a new step of a form to its beginning: into sight, and under the cursor of a screen reader.
// Streamlit leaves the window where the button was, which on a phone is the end of the next step.
// Streamlit runs this anew each time the element it stands in changes; data-moves counts the steps taken.
(() => {
  const { step, moves, target } = document.currentScript.dataset;
  const now = `${step}/${moves}`;
  const before = window.movedOn;
  window.movedOn = now;
  if (now === before || (before === undefined && moves === "0")) return;

  const until = Date.now() + 3000;
  let begun = false;
  const look = () => {
    if (window.movedOn !== now || Date.now() > until) return;
    const drawn = document.querySelector(`.st-key-answering_step_${step}`);
    const place = drawn && (target === "0" ? drawn : drawn.querySelector(`.st-key-question_${target}`));
    const heading = place && place.querySelector("h2, h3");
    const active = document.activeElement;
    if (begun && active !== document.body && active !== heading) return; // she has gone on by herself
    if (heading && active !== heading) {
      heading.tabIndex = -1;
      heading.style.outline = "none";
      heading.focus({ preventScroll: true });
      place.scrollIntoView({ block: "start" });
      begun = true;
    }
    // What has the focus may be drawn once more before the step stands as it is.
    setTimeout(look, 40);
  };
  look();
})();
