// Brings a new step of a form to its beginning: into sight, and under the cursor of a screen reader.
// Streamlit leaves the window where the button was, which on a phone is the end of the next step.
// Streamlit runs this anew each time the element it stands in changes; data-moves counts the steps taken.
(() => {
  const { step, moves, target } = document.currentScript.dataset;
  const now = `${step}/${moves}`;
  const before = window.movedOn;
  window.movedOn = now;
  if (now === before || (before === undefined && moves === "0")) return;
  const lookFor = Date.now() + 2000;
  const go = () => {
    const drawn = document.querySelector(`.st-key-answering_step_${step}`);
    const place = drawn && (target === "0" ? drawn : drawn.querySelector(`.st-key-question_${target}`));
    const heading = place && place.querySelector("h2, h3");
    if (!heading) {
      if (Date.now() < lookFor) setTimeout(go, 40);
      return;
    }
    heading.tabIndex = -1;
    heading.style.outline = "none";
    heading.focus({ preventScroll: true });
    place.scrollIntoView({ block: "start" });
  };
  go();
})();
