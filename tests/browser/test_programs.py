"""Programs and language models ask for the same scenes."""

import ast
import asyncio
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError
from mcp import ClientSession
from mcp.client.streamable_http import streamablehttp_client

from tests.draws import every_experiment

METRICS = {  # promised to programs: endpoint -> at least these numbers
    "guidance_plane": "purity sliced_w2 sliced_w2_floor evaluations",
    "guidance_digits": "judge_agreement diversity frechet frechet_floor evaluations",
    "guidance_pipeline": "evaluations length_error contrast_plain contrast_cfg contrast_rescaled overshoot_cfg",
    "udm_forward": "psnr_gaussian psnr_blur_theory theory_error twins_apart",
    "udm_plane": "sliced_w2_sampled sliced_w2_mean sliced_w2_mean_floor trace_mean evaluations",
    "udm_reverse_digits": "psnr_improved psnr_corrupted psnr_exact psnr_network ssim_network distinct_outcomes_improved "
    "distance_to_exact frechet_improved frechet_improved_floor judge_agreement_improved",
    "udm_encode": "psnr psnr_straight psnr_straight_theory psnr_average nats nats_straight nats_straight_theory code_rms snr "
    "judge_confidence",
    "udm_text_words": "total_variation total_variation_floor total_variation_theory bias_theory word_share misfit_share",
    "udm_text_poem": "log_p log_p_usual order_gap nearest_distance copies perplexity_unigram perplexity_bigram "
    "perplexity_left_to_right perplexity_random",
    "attention_noise": "relative_error theory_error monte_carlo_error monte_carlo_stderr bias effective_support",
    "attention_entropy": "entropy effective_support",
    "attention_matrix": "entropy effective_support relative_error predicted_over_measured_median",
    "attention_model": "perplexity perplexity_clean perplexity_values perplexity_mlp perplexity_stream "
    "predicted_over_measured_median entropy effective_support",
    "lora_projection": "captured_gradient captured_theory",
    "lora_digits": "accuracy_new accuracy_old trained_parameters state_bytes merged_error forgetting energy_kept",
    "lora_rank": "suggested_rank energy_kept relative_error relative_error_theory trained_parameters state_bytes",
    "cosent_loss": "loss gradient_sum violations spearman pearson auc accuracy threshold",
    "cosent_train": "loss spearman spearman_interval spearman_encoder pearson auc accuracy threshold calibration_error "
    "gain_interaction gain_interaction_interval gain_feature gain_feature_interval",
    "lora_matrix": "final_loss floor gap_to_floor update_rank trained_parameters state_bytes",
    "lora_diffusion": "style_score judge_agreement trained_parameters state_bytes update_rank merged_error energy_kept",
    "bayes_attention": "identity_error perplexity perplexity_stderr perplexity_unigram perplexity_bigram "
    "perplexity_naive_bayes weight_sum unknown_words",
    "nbce_gauss": "beta_star beta_star_theory kl kl_theory squared_error identity_error guidance",
    "nbce_recall": "accuracy accuracy_theory accuracy_concatenation accuracy_chance contexts entropy entropy_known "
    "entropy_unknown identity_error speakers",
    "nbce_documents": "identity_error entropy entropy_alone answer_tokens documents_read documents_spoke share_1",
    "hotwater_tap": "wait_s dead_time_theory_s heat_loss_kWh energy_residual",
    "hotwater_house": "wait_median_s wait_p95_s draws_cold water_wasted_L heat_loss_kWh warmup_kWh gas_kWh pump_kWh cost "
    "burner_starts pump_hours cold_tap_warm_s energy_residual",
    "hotwater_compare": "wait_median_s wait_p95_s draws_cold water_wasted_L heat_loss_kWh warmup_kWh gas_kWh pump_kWh cost "
    "burner_starts pump_hours cold_tap_warm_s energy_residual cost_year cost_year_stderr",
    "hotwater_validate": "rmse_K max_K mean_K order front_100_K front_400_K energy_residual steady_C arrival_s rest_error_K",
}


@pytest.fixture(scope="module")
def client(address):
    return Client(address, verbose=False)


@pytest.mark.parametrize("experiment", every_experiment())
def test_every_endpoint_answers(client, experiment):
    answer = client.predict(api_name=f"/{experiment.name}")
    assert answer["parameters"] == experiment.params().values()
    assert set(METRICS.get(experiment.name, "").split()) <= answer["metrics"].keys()
    assert answer["figures"].keys() == {d.__name__ for d in experiment.main.drawings}


def test_fields_of_a_method_are_asked_for_by_name(client):
    answer = client.predict(method="interval", sigma_low=0.5, pictures=False, api_name="/guidance_plane")
    assert answer["parameters"]["sigma_low"] == 0.5 and "figures" not in answer
    with pytest.raises(AppError, match="sigma_low is a parameter only with method = interval"):
        client.predict(method="cfg", sigma_low=0.5, api_name="/guidance_plane")
    with pytest.raises(AppError, match="gamma should be less than or equal to 10, not 99"):
        client.predict(gamma=99, api_name="/guidance_plane")
    assert "sigma_low" not in client.predict(pictures=False, api_name="/guidance_plane")["parameters"]


def test_a_language_model_gets_numbers_without_figures(address):
    async def ask():
        async with (
            streamablehttp_client(f"{address}gradio_api/mcp/") as (read, write, _),
            ClientSession(read, write) as session,
        ):
            await session.initialize()
            tools = {tool.name: tool for tool in (await session.list_tools()).tools}
            name = next(each for each in tools if each.endswith("guidance_plane"))
            answer = await session.call_tool(name, {"gamma": 2.0})
            return tools, ast.literal_eval(answer.content[0].text)

    with ThreadPoolExecutor(1) as apart:  # the browser's own event loop runs in this thread
        tools, answer = apart.submit(asyncio.run, ask()).result()
    assert len(tools) == len(every_experiment())
    assert answer["metrics"]["sliced_w2"] > 0 and "figures" not in answer


def test_nothing_outside_the_assets_is_served(address):
    for path in (
        "gradio_api/file=app.py",
        "gradio_api/file=/etc/passwd",
        "lab/../app.py",
        "lab/app.py",
        "gradio_api/file=requirements.txt",
    ):
        assert httpx.get(address + path).status_code in (403, 404), path
    assert httpx.get(address + "lab/health").json() == {"status": "ok"}


def test_wrong_values_from_the_page_leave_the_app_up(client, address):
    for wrong in ({"gamma": "x"}, {"steps": 2.5}, {"seed": -1}, {"particles": 1e9}, {"centres": [[0, 0]]}):
        with pytest.raises(AppError, match=next(iter(wrong))):
            client.predict(**({"scene": "edited"} if "centres" in wrong else {}), **wrong, api_name="/guidance_plane")
    assert httpx.get(address + "lab/health").status_code == 200
